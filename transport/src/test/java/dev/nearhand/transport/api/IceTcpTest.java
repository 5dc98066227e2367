package dev.nearhand.transport.api;

import static dev.nearhand.transport.api.ConnectedPair.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// TCP candidates (RFC 6544) over real sockets: the descriptions arrive without a candidate over UDP.
@Timeout(120)
class IceTcpTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final PeerConfig QUIET = PeerConfig.defaults().withBindAddresses(List.of(LOOPBACK));
    private static final PeerConfig LISTENING = QUIET.withTcpCandidates(true);
    private static final Pattern PASSIVE = Pattern.compile(" tcp \\d+ 127\\.0\\.0\\.1 (\\d+) typ host tcptype passive");
    private static final int STRANGERS = 12;
    private static final int UNPROVEN_LIMIT = 8;
    private static final long PROOF_NANOS = 9_000_000_000L;
    private static final int END = -1;

    static String withoutUdp(String sdp) {
        return sdp.lines()
                .filter(line -> !line.startsWith("a=candidate:") || !line.contains(" udp "))
                .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    private static void negotiate(PeerConnection offerer, PeerConnection answerer) {
        SessionDescription offer = offerer.createOffer();
        offerer.setLocalDescription(offer);
        answerer.setRemoteDescription(SessionDescription.offer(withoutUdp(offer.sdp())));
        SessionDescription answer = answerer.createAnswer();
        answerer.setLocalDescription(answer);
        offerer.setRemoteDescription(SessionDescription.answer(withoutUdp(answer.sdp())));
    }

    private static int portOf(String sdp) {
        Matcher passive = PASSIVE.matcher(sdp);
        assertThat(passive.find()).as(sdp).isTrue();
        return Integer.parseInt(passive.group(1));
    }

    private static void echoes(PeerConnection offerer, PeerConnection answerer) {
        answerer.onDataChannel(channel -> channel.onMessage(message -> channel.send(ByteBuffer.wrap(message.bytes()))));
        DataChannel channel = offerer.createDataChannel("bulk");
        ByteBuffer sent = ByteBuffer.allocate(4 << 20);
        sent.putInt(0, 42);
        CompletableFuture<ByteBuffer> back = new CompletableFuture<>();
        channel.onMessage(message -> back.complete(ByteBuffer.wrap(message.bytes())));
        channel.onOpen(() -> channel.send(sent));
        negotiate(offerer, answerer);
        assertThat(await(back)).isEqualTo(ByteBuffer.allocate(4 << 20).putInt(0, 42));
    }

    @Test
    void fourMegabytesGoThereAndBackWhereOnlyTheAnswererListens() {
        try (PeerConnection offerer = PeerConnection.create(QUIET);
                PeerConnection answerer = PeerConnection.create(LISTENING)) {
            echoes(offerer, answerer);
            assertThat(offerer.stats().path()).isEqualTo("host/host tcp4");
            assertThat(answerer.stats().path()).isEqualTo("host/prflx tcp4");
        }
    }

    @Test
    void fourMegabytesGoThereAndBackWhereOnlyTheOffererListens() {
        try (PeerConnection offerer = PeerConnection.create(LISTENING);
                PeerConnection answerer = PeerConnection.create(QUIET)) {
            echoes(offerer, answerer);
            assertThat(offerer.stats().path()).isEqualTo("host/prflx tcp4");
            assertThat(answerer.stats().path()).isEqualTo("host/host tcp4");
        }
    }

    @Test
    void aRestartStaysOnTheConnection() {
        try (PeerConnection offerer = PeerConnection.create(QUIET);
                PeerConnection answerer = PeerConnection.create(LISTENING)) {
            echoes(offerer, answerer);
            List<String> states = new ArrayList<>();
            offerer.onStateChange((state, _) -> states.add(state.name()));
            offerer.restartIce();
            negotiate(offerer, answerer);
            CompletableFuture<String> heard = new CompletableFuture<>();
            answerer.onDataChannel(channel -> channel.onMessage(message -> heard.complete(message.text())));
            DataChannel next = offerer.createDataChannel("next");
            next.onOpen(() -> next.send("still here"));
            assertThat(await(heard)).isEqualTo("still here");
            assertThat(states).doesNotContain("FAILED", "DISCONNECTED");
            assertThat(offerer.stats().path()).endsWith(" tcp4");
        }
    }

    @Test
    void nobodyListensUnlessItIsAskedFor() {
        try (PeerConnection connection = PeerConnection.create(QUIET)) {
            connection.createDataChannel("talk");
            assertThat(connection.createOffer().sdp()).doesNotContain("tcptype");
        }
    }

    @Test
    void ofManyStrangersTheOldestAreTurnedOutAndThePeerStillConnects() throws IOException {
        List<Socket> strangers = new ArrayList<>();
        try (PeerConnection offerer = PeerConnection.create(QUIET);
                PeerConnection answerer = PeerConnection.create(LISTENING)) {
            answerer.createDataChannel("talk");
            int port = portOf(answerer.createOffer().sdp());
            for (int i = 0; i < STRANGERS; i++) {
                strangers.add(new Socket(LOOPBACK, port));
            }
            long began = System.nanoTime();
            for (int i = 0; i < STRANGERS - UNPROVEN_LIMIT; i++) {
                assertThat(readsEnd(strangers.get(i))).as("stranger %d", i).isTrue();
            }
            assertThat(System.nanoTime() - began)
                    .as("sooner than their time is over")
                    .isLessThan(PROOF_NANOS);
            echoes(offerer, answerer);
        } finally {
            for (Socket stranger : strangers) {
                stranger.close();
            }
        }
    }

    @Test
    void aFrameLongerThanAnyDatagramEndsTheConnection() throws IOException {
        try (PeerConnection answerer = PeerConnection.create(LISTENING)) {
            answerer.createDataChannel("talk");
            try (Socket stranger =
                    new Socket(LOOPBACK, portOf(answerer.createOffer().sdp()))) {
                stranger.getOutputStream().write(new byte[] {(byte) 0xFF, (byte) 0xFF, 0, 1});
                assertThat(readsEnd(stranger)).isTrue();
            }
        }
    }

    @Test
    void whoProvesNothingIsTurnedOutAfterTenSeconds() throws IOException {
        try (PeerConnection answerer = PeerConnection.create(LISTENING)) {
            answerer.createDataChannel("talk");
            try (Socket stranger =
                    new Socket(LOOPBACK, portOf(answerer.createOffer().sdp()))) {
                long began = System.nanoTime();
                stranger.getOutputStream().write(new byte[] {0, 4, 22, 1, 2, 3, 0, 0});
                assertThat(readsEnd(stranger)).isTrue();
                assertThat(System.nanoTime() - began).isBetween(PROOF_NANOS, 15_000_000_000L);
            }
        }
    }

    /// Reads until the other end closes.
    private static boolean readsEnd(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        InputStream in = socket.getInputStream();
        try {
            while (in.read() != END) {
                // what it says is of no interest
            }
            return true;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }
}
