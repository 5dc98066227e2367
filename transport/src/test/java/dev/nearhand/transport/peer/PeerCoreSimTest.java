package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimWorld;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Two whole peer connections in virtual time: ICE, DTLS (its stand-in), SRTP, RTP, SCTP and data channels together.
class PeerCoreSimTest {
    private static final int MESSAGES = 60;
    static final List<ByteBuffer> FILM = film();

    private final List<String> expected =
            IntStream.range(0, MESSAGES).mapToObj(SimPeer::message).toList();

    private static List<ByteBuffer> film() {
        try (InputStream in = PeerCoreSimTest.class.getResourceAsStream("/media/testsrc-160x120-60frames.vp8.ivf")) {
            ByteBuffer file = ByteBuffer.wrap(in.readAllBytes())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .position(32);
            List<ByteBuffer> frames = new ArrayList<>();
            while (file.hasRemaining()) {
                int length = file.getInt();
                frames.add(file.slice(file.position() + 8, length));
                file.position(file.position() + 8 + length);
            }
            return frames;
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    /// A host that films and echoes, and a viewer that talks.
    record Scene(SimWorld world, SimPeer host, SimPeer viewer) {
        static Scene of(long seed, LinkProfile profile) {
            SimWorld world = new SimWorld(seed);
            world.links(profile);
            SimHost one = world.host("host", "192.0.2.1", "2001:db8::1");
            SimHost two = world.host("viewer", "192.0.2.2", "2001:db8::2");
            Scene scene = new Scene(world, new SimPeer(world, one), new SimPeer(world, two));
            scene.host.films(FILM).echoing();
            scene.viewer.says(MESSAGES);
            return scene;
        }

        void negotiate(double signalingMillis) {
            SimPeer.negotiate(host, viewer, signalingMillis);
        }

        boolean run(java.util.function.BooleanSupplier until, double maxMillis) {
            return world.runUntil(until, maxMillis);
        }
    }

    static LongStream roughSeeds() {
        return LongStream.rangeClosed(1, 120);
    }

    @ParameterizedTest
    @MethodSource("roughSeeds")
    void connectsAndCarriesDataAndVideoThroughABadHour(long seed) {
        SimWorld dice = new SimWorld(seed);
        Scene scene = Scene.of(seed, LinkProfile.rough(dice.random()));
        scene.negotiate(40);
        assertThat(scene.run(() -> scene.host.isConnected() && scene.viewer.isConnected(), 20_000))
                .as("seed %d connects", seed)
                .isTrue();
        assertThat(scene.run(() -> scene.viewer.heard.size() == MESSAGES, 120_000))
                .as("seed %d: %d of %d messages came back", seed, scene.viewer.heard.size(), MESSAGES)
                .isTrue();
        assertThat(scene.host.heard).isEqualTo(expected);
        assertThat(scene.viewer.heard).isEqualTo(expected);
        scene.run(() -> scene.viewer.frames.size() == FILM.size(), 5_000);
        assertThat(scene.viewer.frames).as("seed %d", seed).hasSizeGreaterThan(FILM.size() / 6);
        for (PeerEvent.Frame frame : scene.viewer.frames) {
            int index = (int) (frame.rtpTimestamp() / 3_000);
            assertThat(frame.data()).isIn(FILM.get(index), FILM.get(SimPeer.keyframe(index)));
        }
    }

    @Test
    void everyFrameArrivesInOrderWhereNothingIsLost() {
        Scene scene = Scene.of(1, LinkProfile.perfect());
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer.frames.size() == FILM.size(), 10_000))
                .isTrue();
        for (int i = 0; i < FILM.size(); i++) {
            assertThat(scene.viewer.frames.get(i).data()).isEqualTo(FILM.get(i));
            assertThat(scene.viewer.frames.get(i).keyframe()).isEqualTo(i % 30 == 0);
        }
    }

    @Test
    void connectingTakesFewRoundTrips() {
        Scene scene = Scene.of(1, LinkProfile.perfect().withDelayMillis(50));
        scene.negotiate(0);
        // one for a check, one and a half for DTLS, which begins before a path is nominated
        assertThat(scene.run(() -> scene.host.isConnected() && scene.viewer.isConnected(), 450))
                .isTrue();
    }

    @Test
    void aHandshakeThatBeginsBeforeTheAnswerArrivesIsNotLost() {
        Scene scene = Scene.of(1, LinkProfile.perfect());
        scene.negotiate(300);
        assertThat(scene.run(() -> scene.viewer.isConnected(), 305 + 300)).isTrue();
        scene.world.runForMillis(10);
        assertThat(scene.host.isConnected()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aGoodbyeIsHeardAndWhatWasSaidBeforeItToo(long seed) {
        Scene scene = Scene.of(seed, LinkProfile.perfect().withDelayMillis(20).withLoss(0.05));
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer.heard.size() == MESSAGES, 60_000))
                .isTrue();
        scene.viewer.node.run(scene.viewer.core::close);
        assertThat(scene.run(() -> scene.host.core.state() == PeerState.CLOSED, 5_000))
                .isTrue();
        assertThat(scene.run(() -> scene.viewer.core.state() == PeerState.CLOSED, 5_000))
                .isTrue();
        assertThat(scene.host.associationClosed).isTrue();
        long sent = scene.host.node.sent() + scene.viewer.node.sent();
        scene.world.runForMillis(60_000);
        assertThat(scene.host.node.sent() + scene.viewer.node.sent())
                .as("silence after the end: %s", scene.world.trace())
                .isEqualTo(sent);
    }

    @Test
    void aPeerThatVanishesIsMissedInSecondsGetsNothingWithoutConsentAndIsGivenUpInMinutes() {
        Scene scene = Scene.of(1, LinkProfile.perfect());
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer.heard.size() == MESSAGES, 20_000))
                .isTrue();
        scene.viewer.node.stop();
        assertThat(scene.run(() -> scene.host.core.state() == PeerState.DISCONNECTED, 15_000))
                .isTrue();
        assertThat(scene.run(() -> scene.host.core.path() == null, 40_000)).isTrue();
        assertThat(scene.run(() -> scene.host.core.state() == PeerState.FAILED, 301_000))
                .isTrue();
        long sent = scene.host.node.sent();
        scene.world.runForMillis(60_000);
        assertThat(scene.host.node.sent()).as("not even checks").isEqualTo(sent);
    }

    @Test
    void aCertificateOtherThanTheAnnouncedOneIsRefused() {
        Scene scene = Scene.of(1, LinkProfile.perfect());
        SimPeer host = scene.host;
        SimPeer viewer = scene.viewer;
        host.node.run(now -> {
            String offer = host.core.createOffer();
            host.core.setLocalDescription(now, SdpKind.OFFER, offer);
            viewer.node.run(then -> {
                String forged = offer.replaceAll("a=fingerprint:sha-256 ..:..", "a=fingerprint:sha-256 00:00");
                viewer.core.setRemoteDescription(then, SdpKind.OFFER, forged);
                String answer = viewer.core.createAnswer();
                viewer.core.setLocalDescription(then, SdpKind.ANSWER, answer);
                host.core.setRemoteDescription(now, SdpKind.ANSWER, answer);
            });
        });
        assertThat(scene.run(() -> viewer.core.state() == PeerState.FAILED, 10_000))
                .isTrue();
        assertThat(viewer.states).doesNotContain(PeerState.CONNECTED);
        assertThat(viewer.frames).isEmpty();
    }

    @Test
    void packetsOfStrangersChangeNothing() {
        Scene scene = Scene.of(1, LinkProfile.perfect());
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer.isConnected() && scene.host.isConnected(), 5_000))
                .isTrue();
        SimHost stranger = scene.world.host("stranger", "192.0.2.66");
        SimPeer noise = new SimPeer(scene.world, stranger);
        assertThat(noise.core.state()).isEqualTo(PeerState.NEW);
        scene.world.random();
        byte[] junk = new byte[200];
        for (int first = 0; first < 256; first++) {
            junk[0] = (byte) first;
            ByteBuffer packet = ByteBuffer.wrap(junk);
            var path =
                    new dev.nearhand.transport.wire.Path(scene.host.node.host().at(5_000), stranger.at(5_000));
            scene.host.node.run(now -> scene.host.core.handleDatagram(now, packet.duplicate(), path));
        }
        assertThat(scene.host.core.stats().counters().get("dropped.unknownPath"))
                .isPositive();
        assertThat(scene.run(() -> scene.viewer.heard.size() == MESSAGES, 20_000))
                .isTrue();
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        long[] hashes = new long[2];
        for (int i = 0; i < 2; i++) {
            SimWorld dice = new SimWorld(77);
            Scene scene = Scene.of(77, LinkProfile.rough(dice.random()));
            scene.negotiate(40);
            scene.run(() -> scene.viewer.heard.size() == MESSAGES, 60_000);
            hashes[i] = scene.world.traceHash();
        }
        assertThat(hashes[0]).isEqualTo(hashes[1]);
    }
}
