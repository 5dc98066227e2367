package dev.nearhand.transport.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.transport.driver.CoreDriver;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimTurnServer;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.wire.Transmit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// What a broken or a malicious server may send: nothing of it throws, grows without bound, or takes the allocation
/// away.
class TurnHostileInputTest {
    private static final int PEER_PORT = 7_000;

    /// A client with an allocation, a permission and a channel, and all that its server has said.
    private static final class Scene {
        final SimWorld world = new SimWorld(3);
        final SimHost host = world.host("client", "192.0.2.1");
        final SimHost relay = world.host("relay", "203.0.113.5");
        final SimHost other = world.host("peer", "198.51.100.9");
        final SimTurnServer server = SimTurnServer.start(world, relay);
        final InetSocketAddress peer = other.at(PEER_PORT);
        final SimTurnClient client = new SimTurnClient(world, host, SimTurnClient.serverAt(relay));

        Scene() {
            server.usesPerNonce = 2;
            other.start(PEER_PORT, new EchoPeer(), _ -> {});
            client.allocating();
            world.runForMillis(100);
            client.send(peer, "indication");
            world.runForMillis(100);
            client.bind(peer);
            world.runForMillis(100);
            client.send(peer, "channel");
            world.runForMillis(100);
            assertThat(client.heard()).containsExactly("indication", "channel");
        }

        void receives(byte[] datagram) {
            client.node.run(now -> client.client.handleDatagram(now, ByteBuffer.wrap(datagram), client.client.path()));
        }

        boolean works() {
            int before = client.heard().size();
            client.send(peer, "still here");
            world.runForMillis(100);
            return client.heard().size() == before + 1;
        }
    }

    /// Mutates each message on its way, while the client waits for just that one, and lets the retransmission pass.
    private static void withEveryMessageMutated(java.util.function.UnaryOperator<byte[]> mutation) {
        SimWorld world = new SimWorld(3);
        SimHost host = world.host("client", "192.0.2.1");
        SimHost relay = world.host("relay", "203.0.113.5");
        SimTurnServer.start(world, relay).usesPerNonce = 2;
        SimTurnClient client = new SimTurnClient(world, host, SimTurnClient.serverAt(relay));
        client.tap = message -> {
            byte[] mutated = mutation.apply(message.clone());
            client.client.handleDatagram(world.now(), ByteBuffer.wrap(mutated), client.client.path());
        };
        client.allocating();
        world.runForMillis(500);
        client.bind(new InetSocketAddress("198.51.100.9", PEER_PORT));
        client.send(new InetSocketAddress("198.51.100.9", PEER_PORT), "x");
        world.runForMillis(500);
        client.node.run(client.client::close);
        world.runForMillis(2_000);
        assertThat(client.client.state()).isEqualTo(TurnState.ENDED);
    }

    @Test
    void everyTruncationOfEveryMessageIsSurvived() {
        Scene scene = new Scene();
        for (byte[] message : List.copyOf(scene.client.fromServer)) {
            for (int length = 0; length < message.length; length++) {
                scene.receives(Arrays.copyOf(message, length));
            }
        }
        assertThat(scene.works()).isTrue();
        for (int cut = 1; cut < 60; cut++) {
            int bytes = cut;
            withEveryMessageMutated(message -> Arrays.copyOf(message, Math.max(0, message.length - bytes)));
        }
    }

    @Test
    void everyFlippedBitOfEveryMessageIsSurvived() {
        Scene scene = new Scene();
        for (byte[] message : List.copyOf(scene.client.fromServer)) {
            for (int bit = 0; bit < message.length * 8; bit++) {
                byte[] flipped = message.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                scene.receives(flipped);
            }
        }
        assertThat(scene.works()).isTrue();
        for (int bit = 0; bit < 8 * 120; bit++) {
            int at = bit;
            withEveryMessageMutated(message -> {
                if (at / 8 < message.length) {
                    message[at / 8] ^= (byte) (1 << at % 8);
                }
                return message;
            });
        }
    }

    @Property(tries = 1_000)
    void anyBytesAreSurvivedInEveryState(@ForAll @Size(max = 80) byte[] bytes) {
        InetSocketAddress base = new InetSocketAddress("192.0.2.1", 1);
        TurnServer server = new TurnServer(new InetSocketAddress("203.0.113.5", 2), "u", "p");
        TurnClient client = new TurnClient(base, server, false, new SplittableRandom(1), TurnConfig.defaults());
        client.handleDatagram(0, ByteBuffer.wrap(bytes), client.path());
        client.allocate(0);
        client.handleDatagram(1, ByteBuffer.wrap(bytes), client.path());
        client.close(2);
        client.handleDatagram(3, ByteBuffer.wrap(bytes), client.path());
        assertThat(client.pollEvent()).isNotNull();
    }

    @Property(tries = 1_000)
    void whatIsWrappedInAChannelComesOutAgain(@ForAll @Size(max = 200) byte[] bytes, @ForAll boolean padded) {
        ByteBuffer into = ByteBuffer.allocate(300).position(7).put(bytes);
        int length = ChannelData.wrap(into, 7, bytes.length, 0x4ABC, padded);
        assertThat(into.position()).isEqualTo(7 + length);
        assertThat(!padded || length % 4 == 0).isTrue();
        ChannelData parsed = ChannelData.parse(into.flip().position(7));
        assertThat(parsed).isEqualTo(new ChannelData(0x4ABC, ByteBuffer.wrap(bytes)));
        for (int cut = 0; cut < ChannelData.HEADER_BYTES + bytes.length; cut++) {
            assertThat(ChannelData.parse(into.slice(7, cut))).isNull();
        }
    }

    /// Wire cases 11 and 12, and their kin among TURN's own attributes.
    @Test
    void ownHostileInputsAreSurvived() {
        Scene scene = new Scene();
        String id = "2112a442" + "00".repeat(12);
        for (String hex : List.of(
                "001100082112a442fb9859e67da4bc991c0cab8f80280004ed80c297",
                "01030004" + id + "00160000",
                "01030004" + id + "00120000",
                "0103001c" + id + "00160017" + "0001a147e112a643" + "00".repeat(16),
                "00170004" + id + "00130000",
                "00170010" + id + "001200080001a147e112a643" + "00130000",
                "00170008" + id + "0013fffc" + "00000000",
                "01080004" + id + "000d0000",
                "40000000",
                "4000ffff",
                "4000000401",
                "4fff000100",
                "7fff000100")) {
            scene.receives(HexFormat.of().parseHex(hex));
        }
        assertThat(scene.works()).isTrue();
    }

    @Test
    void aDemandTooLongToBeAnsweredIsNot() {
        InetSocketAddress base = new InetSocketAddress("192.0.2.1", 1);
        TurnServer server = new TurnServer(new InetSocketAddress("203.0.113.5", 2), "u".repeat(508), "p");
        for (int length : new int[] {1, Credentials.MAX_CHARACTERS, Credentials.MAX_CHARACTERS + 1, 763}) {
            TurnClient client = new TurnClient(base, server, false, new SplittableRandom(1), TurnConfig.defaults());
            client.allocate(0);
            ByteBuffer sent = ByteBuffer.allocate(CoreDriver.BUFFER_BYTES);
            client.pollTransmit(0, sent);
            StunParse parse = StunMessage.parse(sent.flip());
            assertThat(parse).isInstanceOfSatisfying(StunParse.Received.class, received -> {
                ByteBuffer demand = ByteBuffer.allocate(2_048);
                new StunMessage(
                                StunClass.ERROR_RESPONSE,
                                StunMessage.ALLOCATE,
                                received.message().transactionId(),
                                List.of(
                                        new StunAttribute.ErrorCode(401, ""),
                                        new StunAttribute.Realm("r".repeat(length)),
                                        new StunAttribute.Nonce("n".repeat(length))))
                        .write(demand);
                client.handleDatagram(1, demand.flip(), client.path());
                Transmit answer = client.pollTransmit(1, sent.clear());
                assertThat(answer != null).isEqualTo(length <= Credentials.MAX_CHARACTERS);
            });
        }
    }

    @Test
    void aFloodOfNonsenseFillsNothing() {
        Scene scene = new Scene();
        SplittableRandom random = new SplittableRandom(5);
        IntStream.range(0, 20_000).forEach(_ -> {
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            scene.receives(bytes);
        });
        assertThat(scene.client.node.events().size()).isLessThan(20);
        assertThat(scene.works()).isTrue();
    }

    @Test
    void everyFileOfTheCorpusIsSurvived() throws IOException {
        Optional<Path> corpora = Requires.corpora();
        if (corpora.isEmpty()) {
            return;
        }
        Scene scene = new Scene();
        try (Stream<Path> files = Files.list(corpora.get().resolve("stun"))) {
            for (Path file : files.toList()) {
                scene.receives(Files.readAllBytes(file));
            }
        }
        assertThat(scene.works()).isTrue();
    }
}
