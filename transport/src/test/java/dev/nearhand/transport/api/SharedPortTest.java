package dev.nearhand.transport.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.TransactionId;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SharedPortTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private SharedPort port;
    private final List<Line> lines = new ArrayList<>();

    /// A connection on the shared port, the program it talks to, and one channel between them.
    private static final class Line implements AutoCloseable {
        final PeerConnection here;
        final PeerConnection there = PeerConnection.create(PeerConfig.defaults().withBindAddresses(List.of(LOOPBACK)));
        final BlockingQueue<String> heardHere = new LinkedBlockingQueue<>();
        final BlockingQueue<String> heardThere = new LinkedBlockingQueue<>();
        final CompletableFuture<DataChannel> channelThere = new CompletableFuture<>();
        final CompletableFuture<Void> openHere = new CompletableFuture<>();
        final DataChannel channelHere;

        Line(SharedPort port) {
            here = PeerConnection.create(PeerConfig.defaults().withSharedPort(port));
            channelHere = here.createDataChannel("line");
            channelHere.onMessage(message -> heardHere.add(message.text()));
            channelHere.onOpen(() -> openHere.complete(null));
            there.onDataChannel(channel -> {
                channel.onMessage(message -> heardThere.add(message.text()));
                channelThere.complete(channel);
            });
        }

        /// Alternately as offerer and as answerer.
        void negotiate(boolean hereOffers) {
            if (hereOffers) {
                ConnectedPair.negotiate(here, there);
            } else {
                ConnectedPair.negotiate(there, here);
            }
        }

        void talk(String what) throws InterruptedException {
            ConnectedPair.await(openHere);
            channelHere.send("to there " + what);
            ConnectedPair.await(channelThere).send("to here " + what);
            assertThat(heardThere.poll(ConnectedPair.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo("to there " + what);
            assertThat(heardHere.poll(ConnectedPair.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo("to here " + what);
        }

        @Override
        public void close() {
            here.close();
            there.close();
        }
    }

    @BeforeEach
    void open() {
        port = SharedPort.open(new InetSocketAddress(LOOPBACK, 0));
    }

    @AfterEach
    void close() {
        lines.forEach(Line::close);
        port.close();
    }

    private Line line(int index) {
        Line line = new Line(port);
        lines.add(line);
        if (index % 2 == 1) {
            line.there.createDataChannel("so that its offer has a section");
        }
        line.negotiate(index % 2 == 0);
        return line;
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int tries = 0; tries < 3_000 && !condition.getAsBoolean(); tries++) {
            Thread.sleep(Duration.ofMillis(10));
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static List<String> candidates(PeerConnection connection) {
        return connection
                .createOffer()
                .sdp()
                .lines()
                .filter(line -> line.startsWith("a=candidate:"))
                .toList();
    }

    @Test
    void twentyConnectionsTalkThroughOnePort() throws Exception {
        for (int i = 0; i < 20; i++) {
            line(i);
        }
        assertThat(port.stats().connections()).isEqualTo(20);
        for (int i = 0; i < 20; i++) {
            lines.get(i).talk("at first " + i);
            String ours = " " + LOOPBACK.getHostAddress() + " " + port.address().getPort() + " typ host";
            assertThat(candidates(lines.get(i).here)).singleElement().asString().contains(ours);
        }

        // one begins ICE anew, others go
        lines.get(3).here.restartIce();
        lines.get(3).negotiate(true);
        for (int i = 10; i < 20; i++) {
            lines.get(i).close();
        }
        await(() -> port.stats().connections() == 10);
        for (int i = 0; i < 10; i++) {
            lines.get(i).talk("after that " + i);
        }
        lines.get(4).there.restartIce();
        lines.get(4).negotiate(false);
        lines.get(4).talk("after the other side's restart");
        line(20).talk("a new one");
        assertThat(port.stats().connections()).isEqualTo(11);
    }

    @Test
    void whatStrangersSendEndsNothingAndIsCounted() throws Exception {
        Line line = line(0);
        line.talk("before");
        Random random = new Random(1);
        try (DatagramSocket stranger = new DatagramSocket(0, LOOPBACK)) {
            for (int i = 0; i < 300; i++) {
                byte[] noise = new byte[20 + random.nextInt(1_000)];
                random.nextBytes(noise);
                noise[0] = (byte) (i % 3 == 0 ? 0 : i % 3 == 1 ? 22 : 128); // as if it were STUN, DTLS, media
                stranger.send(new DatagramPacket(noise, noise.length, port.address()));
            }
            await(() -> port.stats().counter("dropped.malformed") >= 1
                    && port.stats().counter("dropped.unknownAddress") >= 1
                    && port.stats().counter("dropped.malformed") + port.stats().counter("dropped.unknownAddress")
                            >= 200);

            String ufrag = line.here
                    .createOffer()
                    .sdp()
                    .lines()
                    .filter(text -> text.startsWith("a=ice-ufrag:"))
                    .findFirst()
                    .orElseThrow()
                    .substring("a=ice-ufrag:".length());
            stranger.send(forgedCheck("nobody00:x"));
            stranger.send(forgedCheck(ufrag + ":x"));
            await(() -> port.stats().counter("dropped.unknownUfrag") == 1
                    && line.here.stats().counters().getOrDefault("ice.refused.foreign", 0L) == 1);
            byte[] dtls = {22, 1, 2, 3};
            long before = port.stats().counter("dropped.unknownAddress");
            stranger.send(new DatagramPacket(dtls, dtls.length, port.address()));
            await(() -> port.stats().counter("dropped.unknownAddress") == before + 1);
        }
        line.talk("after");
    }

    private DatagramPacket forgedCheck(String username) {
        ByteBuffer into = ByteBuffer.allocate(1_024);
        int length = StunMessage.binding(
                        StunClass.REQUEST,
                        TransactionId.random(new Random(2)),
                        new StunAttribute.Username(username),
                        new StunAttribute.Priority(1),
                        new StunAttribute.IceControlling(1))
                .write(into, StunKey.shortTerm("not the password of anybody"));
        return new DatagramPacket(into.array(), length, port.address());
    }

    @Test
    void aClosedPortIsTakenFromItsConnectionsAndGivenToNoneAnyMore() throws Exception {
        Line open = line(0);
        Line ending = line(1);
        open.talk("before");
        ending.talk("before");
        CompletableFuture<String> goodbye = new CompletableFuture<>();
        ending.there.onStateChange((state, reason) -> {
            if (state == ConnectionState.CLOSED) {
                goodbye.complete(reason);
            }
        });
        ending.here.close();
        port.close();
        assertThat(ConnectedPair.await(goodbye)).isNotEmpty();
        assertThat(candidates(open.here)).isEmpty();
        assertThatThrownBy(() -> PeerConnection.create(PeerConfig.defaults().withSharedPort(port)))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("shared port");
        await(() -> {
            try (DatagramSocket again = new DatagramSocket(port.address())) {
                return again.isBound();
            } catch (java.io.IOException stillInUse) {
                return false;
            }
        });
    }

    @Test
    void aPortThatIsTakenOrNoAddressIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> SharedPort.open(port.address()))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("in use");
        assertThatThrownBy(() -> SharedPort.open(new InetSocketAddress(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("wildcard");
    }

    @Test
    void eachConnectionAsksTheStunServerForItself() throws Exception {
        try (TurnServer server =
                TurnServer.builder().listen(new InetSocketAddress(LOOPBACK, 0)).start()) {
            PeerConfig config = PeerConfig.defaults()
                    .withSharedPort(port)
                    .withIceServers(List.of(
                            IceServer.stun("stun:127.0.0.1:"
                                    + server.addresses().getFirst().getPort()),
                            IceServer.turn(
                                    "turn:127.0.0.1:"
                                            + server.addresses().getFirst().getPort(),
                                    "nobody",
                                    "nothing")));
            for (int i = 0; i < 5; i++) {
                try (PeerConnection connection = PeerConnection.create(config)) {
                    assertThat(candidates(connection)).hasSize(1);
                    assertThat(connection.stats().counters()).doesNotContainKey("gathering.unanswered");
                }
            }
        }
    }
}
