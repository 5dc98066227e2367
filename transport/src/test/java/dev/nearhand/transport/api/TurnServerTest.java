package dev.nearhand.transport.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.interop.TestCertificate;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections that may only meet through the embedded server, and what else comes over its sockets.
class TurnServerTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final String NAME = "user";
    private static final String PASSWORD = "password";
    private static final byte[] BINDING = HexFormat.of().parseHex("000100002112a442" + "000102030405060708090a0b");

    @TempDir
    private Path folder;

    static TurnServer.Builder onLoopback() {
        return TurnServer.builder()
                .listen(new InetSocketAddress(LOOPBACK, 0))
                .relay(LOOPBACK)
                .allowPeers("127.0.0.0/8")
                .user(NAME, PASSWORD);
    }

    private static String url(TurnServer server, String transport) {
        InetSocketAddress address = server.addresses().getFirst();
        String host = address.getAddress().getHostAddress();
        return "turn:" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort() + "?transport="
                + transport;
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void messagesTravelThroughTheServer(String transport) throws InterruptedException {
        try (TurnServer server = onLoopback().start()) {
            IceServer relay = IceServer.turn(url(server, transport), NAME, PASSWORD);
            try (ConnectedPair pair = new ConnectedPair(CoturnTest.relayOnly(relay))) {
                CoturnTest.exchange(pair.open("talk", DataChannelOptions.reliable()));
                assertThat(pair.offerer.stats().path()).isEqualTo("relay/relay udp4");
                assertThat(server.stats().allocations()).isEqualTo(2);
                assertThat(server.stats().connections()).isEqualTo(transport.equals("tcp") ? 2 : 0);
                assertThat(server.stats().counter("relayed.channelData")).isGreaterThan(200);
            }
            CoturnTest.await(() -> server.stats().allocations() == 0);
        }
    }

    @Test
    void messagesTravelOverTls() throws Exception {
        TestCertificate certificate = TestCertificate.create(folder);
        SSLContext before = SSLContext.getDefault();
        TurnServer.Builder builder = TurnServer.builder()
                .listenTls(new InetSocketAddress(LOOPBACK, 0), certificate.certificate(), certificate.key())
                .relay(LOOPBACK)
                .allowPeers("127.0.0.1")
                .user(NAME, PASSWORD);
        try (TurnServer server = builder.start()) {
            SSLContext.setDefault(certificate.trustingContext());
            String url = "turns:127.0.0.1:" + server.addresses().getFirst().getPort();
            try (ConnectedPair pair = new ConnectedPair(CoturnTest.relayOnly(IceServer.turn(url, NAME, PASSWORD)))) {
                CoturnTest.exchange(pair.open("talk", DataChannelOptions.reliable()));
                assertThat(pair.offerer.stats().path()).isEqualTo("relay/relay udp4");
            }
        } finally {
            SSLContext.setDefault(before);
        }
    }

    @Test
    void messagesTravelOverIpv6() throws Exception {
        InetAddress six = InetAddress.ofLiteral("::1");
        Requires.check(NetworkInterface.getByInetAddress(six) != null, "IPv6 on the loopback interface");
        TurnServer.Builder builder = TurnServer.builder()
                .listen(new InetSocketAddress(six, 0))
                .relay(six)
                .allowPeers("::1")
                .user(NAME, PASSWORD);
        try (TurnServer server = builder.start()) {
            IceServer relay = IceServer.turn(url(server, "udp"), NAME, PASSWORD);
            PeerConfig config = CoturnTest.relayOnly(relay).withBindAddresses(List.of(six));
            try (ConnectedPair pair = new ConnectedPair(config)) {
                CoturnTest.exchange(pair.open("talk", DataChannelOptions.reliable()));
                assertThat(pair.offerer.stats().path()).isEqualTo("relay/relay udp6");
            }
        }
    }

    @Test
    void timeLimitedCredentialsAreTakenUntilTheyEnd() {
        try (TurnServer server = onLoopback().secret("shared").start()) {
            for (boolean good : new boolean[] {true, false}) {
                Instant ends = Instant.now().plusSeconds(good ? 600 : -600);
                IceServer limited = TurnServer.timeLimited(url(server, "udp"), "shared", "someone", ends);
                try (PeerConnection connection = PeerConnection.create(CoturnTest.relayOnly(limited))) {
                    connection.createDataChannel("talk");
                    assertThat(connection.createOffer().sdp().contains("typ relay"))
                            .isEqualTo(good);
                }
            }
        }
    }

    /// Without leave for the loopback range only clients of the server itself reach each other, and that is enough.
    @Test
    void clientsOfTheServerNeedNoLeaveToMeet() throws InterruptedException {
        TurnServer.Builder builder = TurnServer.builder()
                .listen(new InetSocketAddress(LOOPBACK, 0))
                .relay(LOOPBACK)
                .user(NAME, PASSWORD);
        try (TurnServer server = builder.start()) {
            IceServer relay = IceServer.turn(url(server, "udp"), NAME, PASSWORD);
            try (ConnectedPair pair = new ConnectedPair(CoturnTest.relayOnly(relay))) {
                CoturnTest.exchange(pair.open("talk", DataChannelOptions.reliable()));
            }
            assertThat(server.stats().counter("errors.403")).isZero();
        }
    }

    @Test
    void aPortThatIsTakenIsSaidAndNothingStaysOpen() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(0, LOOPBACK)) {
            InetSocketAddress address = new InetSocketAddress(LOOPBACK, taken.getLocalPort());
            assertThatThrownBy(() -> onLoopback().listen(address).start())
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
        assertThatThrownBy(() -> onLoopback()
                        .listenTls(new InetSocketAddress(LOOPBACK, 0), folder.resolve("none"), folder.resolve("none"))
                        .start())
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("PEM");
    }

    @Test
    void aRelayForEverybodyIsNotOpened() {
        assertThatThrownBy(() -> TurnServer.builder()
                        .listen(new InetSocketAddress(LOOPBACK, 0))
                        .relay(LOOPBACK)
                        .start())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TurnServer.builder().start()).isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean answers(TurnServer server) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.9"))) {
            socket.connect(server.addresses().getFirst());
            socket.setSoTimeout(300);
            for (int i = 0; i < 50; i++) {
                socket.send(new DatagramPacket(BINDING, BINDING.length));
                try {
                    socket.receive(new DatagramPacket(new byte[1_500], 1_500));
                    return true;
                } catch (SocketTimeoutException _) {
                    continue; // it may have been lost among the others
                }
            }
            return false;
        }
    }

    @Test
    void aFloodOfJunkIsAnsweredWithinItsLimitsAndOthersGoOn() throws Exception {
        TurnServer.Builder builder = onLoopback().maxRequests(10, 20, 1_000);
        try (TurnServer server = builder.start();
                DatagramSocket flood = new DatagramSocket(0, LOOPBACK);
                ConnectedPair pair =
                        new ConnectedPair(CoturnTest.relayOnly(IceServer.turn(url(server, "udp"), NAME, PASSWORD)))) {
            ConnectedPair.Ends ends = pair.open("talk", DataChannelOptions.reliable());
            flood.connect(server.addresses().getFirst());
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 60_000; i++) {
                byte[] junk = new byte[1 + random.nextInt(300)];
                random.nextBytes(junk);
                byte[] datagram = i % 3 == 0 ? BINDING : junk;
                flood.send(new DatagramPacket(datagram, datagram.length));
            }
            assertThat(answers(server)).isTrue();
            CoturnTest.exchange(ends);
            assertThat(server.stats().counter("bindings"))
                    .as("a burst, and what came in while it lasted")
                    .isLessThan(2_000);
            assertThat(server.stats().counter("dropped.rateLimit")).isPositive();
            assertThat(server.stats().allocations()).isEqualTo(2);
        }
    }

    @Test
    void connectionsThatSpeakNoStunAreEndedAndTheirNumberIsLimited() throws Exception {
        try (TurnServer server = onLoopback().maxConnections(3).start()) {
            InetSocketAddress address = server.addresses().getFirst();
            try (Socket junk = new Socket(address.getAddress(), address.getPort())) {
                junk.setSoTimeout(10_000);
                junk.getOutputStream().write(HexFormat.of().parseHex("80".repeat(40)));
                assertThat(junk.getInputStream().read()).isEqualTo(-1);
            }
            CoturnTest.await(() -> server.stats().connections() == 0);
            Socket[] open = new Socket[4];
            for (int i = 0; i < open.length; i++) {
                open[i] = new Socket(address.getAddress(), address.getPort());
                open[i].setSoTimeout(10_000);
                if (i < 3) {
                    open[i].getOutputStream().write(BINDING);
                    assertThat(open[i].getInputStream().readNBytes(20)).startsWith(1, 1);
                }
            }
            assertThat(open[3].getInputStream().read()).isEqualTo(-1);
            assertThat(server.stats().connections()).isEqualTo(3);
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void closingEndsEverythingAtOnce() throws InterruptedException {
        TurnServer server = onLoopback().start();
        try (ConnectedPair pair =
                new ConnectedPair(CoturnTest.relayOnly(IceServer.turn(url(server, "tcp"), NAME, PASSWORD)))) {
            CoturnTest.exchange(pair.open("talk", DataChannelOptions.reliable()));
            server.close();
            server.close();
            // one that had its relay for longer asks for another, which may end as well when it catches the closing
            // door
            CoturnTest.await(() -> pair.offerer.stats().counter("turn.ended") >= 1);
        }
    }
}
