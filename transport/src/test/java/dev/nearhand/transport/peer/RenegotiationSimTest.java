package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.SimWorld;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Exchanges of descriptions while data and video flow, in virtual time.
class RenegotiationSimTest {
    private static final List<ByteBuffer> FILM = PeerCoreSimTest.FILM;
    private static final List<String> TALK =
            IntStream.range(0, 60).mapToObj(SimPeer::message).toList();

    private static PeerCoreSimTest.Scene scene(long seed) {
        return PeerCoreSimTest.Scene.of(seed, LinkProfile.perfect().withDelayMillis(1 + seed % 40));
    }

    private static void assertWholeFilmAndTalk(PeerCoreSimTest.Scene scene, long seed) {
        assertThat(scene.run(() -> scene.viewer().frames.size() == FILM.size(), 20_000))
                .as("seed %d: %d frames", seed, scene.viewer().frames.size())
                .isTrue();
        for (int i = 0; i < FILM.size(); i++) {
            assertThat(scene.viewer().frames.get(i).data()).isEqualTo(FILM.get(i));
        }
        assertThat(scene.run(() -> scene.viewer().heard.size() == TALK.size(), 20_000))
                .isTrue();
        assertThat(scene.viewer().heard).isEqualTo(TALK);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
    }

    /// The first offers already meet: neither side has a role in ICE or in DTLS yet.
    @ParameterizedTest
    @MethodSource("seeds")
    void firstOffersThatMeetConnectAllTheSame(long seed) {
        var scene = scene(seed);
        boolean hostIsPolite = seed % 2 == 0;
        PerfectNegotiator[] pair = hostIsPolite
                ? PerfectNegotiator.pair(scene.host(), scene.viewer(), 20)
                : PerfectNegotiator.pair(scene.viewer(), scene.host(), 20);
        pair[0].negotiate();
        pair[1].negotiate();
        assertWholeFilmAndTalk(scene, seed);
        assertThat(pair[0].collisions).isPositive();
        assertThat(pair[0].isQuiet() && pair[1].isQuiet()).isTrue();
        assertThat(scene.viewer().remoteTracks).hasSize(1);
        assertThat(scene.host().states).containsOnlyOnce(PeerState.CONNECTED);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void offersThatMeetInMidFilmLoseNothingAndBothAreMet(long seed) {
        var scene = scene(seed);
        PerfectNegotiator[] pair = PerfectNegotiator.pair(scene.host(), scene.viewer(), 30);
        pair[0].negotiate();
        assertThat(scene.run(() -> scene.viewer().frames.size() > 5, 10_000)).isTrue();
        for (PerfectNegotiator side : pair) {
            side.peer.node.run(_ -> side.peer.core.addTrack("sound", Codec.OPUS));
            if (seed % 3 == 0) {
                side.peer.node.run(_ -> side.peer.core.restartIce());
            }
            side.negotiate();
        }
        assertWholeFilmAndTalk(scene, seed);
        assertThat(pair[0].collisions).isPositive();
        assertThat(scene.viewer().remoteTracks.values()).containsExactlyInAnyOrder("film", "sound");
        assertThat(scene.host().remoteTracks.values()).containsExactly("sound");
        assertThat(scene.host().isConnected() && scene.viewer().isConnected()).isTrue();
    }

    @Test
    void aTrackThatIsRemovedEndsThereAndAnotherOneComesInItsPlace() {
        var scene = scene(1);
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer().frames.size() > 5, 10_000)).isTrue();
        int first = scene.viewer().remoteTracks.keySet().iterator().next();
        scene.host().node.run(now -> scene.host().core.removeTrack(now, 0, true));
        assertThat(scene.host().sending).as("at once").isEmpty();
        scene.negotiate(10);
        scene.world().runForMillis(200);
        assertThat(scene.viewer().remoteTracks).isEmpty();
        int[] track = new int[1];
        scene.host().node.run(_ -> track[0] = scene.host().core.addTrack("again", Codec.VP8));
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.host().sending.contains(track[0]), 1_000))
                .isTrue();
        assertThat(scene.viewer().remoteTracks).containsValue("again").doesNotContainKey(first);
        scene.viewer().frames.clear();
        for (int i = 0; i < 10; i++) {
            int index = i;
            scene.host().node.run(now -> scene.host()
                    .core
                    .sendFrame(now, track[0], FILM.get(index).duplicate(), index * 3_000L));
            scene.world().runForMillis(33);
        }
        scene.world().runForMillis(500);
        assertThat(scene.viewer().frames).hasSize(10);
        assertThat(scene.viewer().frames.getFirst().data()).isEqualTo(FILM.getFirst());
    }

    @Test
    void aViewerStopsATrackAndTheHostSendsNoMore() {
        var scene = scene(2);
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer().frames.size() > 5, 10_000)).isTrue();
        int track = scene.viewer().remoteTracks.keySet().iterator().next();
        scene.viewer().node.run(now -> scene.viewer().core.stopRemoteTrack(now, track));
        assertThat(scene.viewer().remoteTracks).isEmpty();
        SimPeer.negotiate(scene.viewer(), scene.host(), 10);
        scene.world().runForMillis(200);
        assertThat(scene.host().sending).isEmpty();
    }

    /// The other side holds the stream and wants it again: it goes on counting, so that SRTP never protects two packets
    /// by one number.
    @Test
    void aStreamThatIsHeldAndWantedAgainGoesOnWhereItWas() {
        var scene = scene(3);
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer().frames.size() > 5, 10_000)).isTrue();
        for (int round = 0; round < 3; round++) {
            for (String direction : List.of("a=inactive", "a=recvonly")) {
                exchange(scene, direction);
            }
        }
        assertThat(scene.host().sending).hasSize(1);
        scene.run(() -> scene.viewer().frames.size() == FILM.size(), 5_000);
        long sent = scene.host().core.stats().counters().get("rtp.framesSent");
        assertThat(sent)
                .as("it is the same sender all along")
                .isGreaterThanOrEqualTo(scene.viewer().frames.size());
        assertThat(scene.viewer().frames.getLast().data()).isIn(FILM);
        assertThat(scene.run(() -> scene.viewer().heard.size() == TALK.size(), 20_000))
                .isTrue();
    }

    private static void exchange(PeerCoreSimTest.Scene scene, String direction) {
        PeerCore viewer = scene.viewer().core;
        PeerCore host = scene.host().core;
        String[] sdp = new String[1];
        scene.viewer().node.run(now -> {
            sdp[0] = viewer.createOffer();
            viewer.setLocalDescription(now, SdpKind.OFFER, sdp[0]);
        });
        scene.host().node.run(now -> {
            host.setRemoteDescription(now, SdpKind.OFFER, sdp[0].replace("a=recvonly", direction));
            sdp[0] = host.createAnswer();
            host.setLocalDescription(now, SdpKind.ANSWER, sdp[0]);
        });
        scene.viewer().node.run(now -> viewer.setRemoteDescription(now, SdpKind.ANSWER, sdp[0]));
        scene.world().runForMillis(60);
    }

    @Test
    void aProvisionalAnswerConnectsAlready() {
        var scene = scene(4);
        PeerCore host = scene.host().core;
        PeerCore viewer = scene.viewer().core;
        String[] sdp = new String[1];
        scene.host().node.run(now -> {
            sdp[0] = host.createOffer();
            host.setLocalDescription(now, SdpKind.OFFER, sdp[0]);
        });
        scene.viewer().node.run(now -> {
            viewer.setRemoteDescription(now, SdpKind.OFFER, sdp[0]);
            sdp[0] = viewer.createAnswer();
            viewer.setLocalDescription(now, SdpKind.PRANSWER, sdp[0]);
        });
        scene.host().node.run(now -> host.setRemoteDescription(now, SdpKind.PRANSWER, sdp[0]));
        assertThat(scene.run(() -> scene.viewer().frames.size() > 5, 10_000)).isTrue();
        scene.viewer().node.run(now -> {
            sdp[0] = viewer.createAnswer();
            viewer.setLocalDescription(now, SdpKind.ANSWER, sdp[0]);
        });
        scene.host().node.run(now -> host.setRemoteDescription(now, SdpKind.ANSWER, sdp[0]));
        assertWholeFilmAndTalk(scene, 4);
    }

    static LongStream manySeeds() {
        return LongStream.rangeClosed(1, 150);
    }

    /// Random operations of two whole connections; at the end a channel speaks and a new track shows.
    @ParameterizedTest
    @MethodSource("manySeeds")
    void afterRandomExchangesDataAndANewTrackFlow(long seed) {
        SimWorld world = new SimWorld(seed);
        world.links(LinkProfile.perfect().withDelayMillis(5));
        SimPeer host = new SimPeer(world, world.host("host", "192.0.2.1")).echoing();
        SimPeer viewer = new SimPeer(world, world.host("viewer", "192.0.2.2"));
        SplittableRandom random = new SplittableRandom(seed);
        PerfectNegotiator[] pair = PerfectNegotiator.pair(host, viewer, 15);
        for (int step = 0; step < 25; step++) {
            PerfectNegotiator side = pair[random.nextInt(2)];
            side.peer.node.run(now -> wish(side.peer, now, random));
            if (random.nextInt(3) > 0) {
                side.negotiate();
            }
            world.runForMillis(random.nextInt(60));
        }
        assertThat(world.runUntil(() -> pair[0].isQuiet() && pair[1].isQuiet(), 10_000))
                .isTrue();
        pair[1].negotiate();
        viewer.says(10);
        assertThat(world.runUntil(() -> viewer.heard.size() == 10, 20_000))
                .as("seed %d: data", seed)
                .isTrue();
        removeAll(host);
        removeAll(viewer);
        pair[1].negotiate();
        world.runForMillis(200);
        int[] track = new int[1];
        host.node.run(_ -> track[0] = host.core.addTrack("last", Codec.VP8));
        viewer.node.run(_ -> viewer.core.acceptVideo(List.of(Codec.VP8)));
        pair[0].negotiate();
        assertThat(world.runUntil(() -> host.sending.contains(track[0]), 20_000))
                .as("seed %d: the new track", seed)
                .isTrue();
        viewer.frames.clear();
        host.node.run(now -> host.core.sendFrame(now, track[0], FILM.getFirst().duplicate(), 1));
        world.runForMillis(300);
        assertThat(viewer.frames).as("seed %d", seed).hasSize(1);
        assertThat(viewer.frames.getFirst().data()).isEqualTo(FILM.getFirst());
        assertThat(host.remoteTracks.size()).as("seed %d", seed).isLessThanOrEqualTo(viewer.sending.size());
    }

    private static void removeAll(SimPeer peer) {
        peer.node.run(now -> {
            for (int track = 0; track < 60; track++) {
                peer.core.removeTrack(now, track, true);
            }
            List.copyOf(peer.remoteTracks.keySet()).forEach(track -> peer.core.stopRemoteTrack(now, track));
        });
    }

    private static void wish(SimPeer peer, long now, SplittableRandom random) {
        Codec[] codecs = Codec.values();
        try {
            switch (random.nextInt(7)) {
                case 0, 1 -> peer.core.addTrack("t" + random.nextInt(99), codecs[random.nextInt(codecs.length)]);
                case 2 -> peer.core.addReceiver(random.nextBoolean());
                case 3 -> peer.core.removeTrack(now, random.nextInt(8), random.nextBoolean());
                case 4 ->
                    List.copyOf(peer.remoteTracks.keySet()).stream()
                            .findFirst()
                            .ifPresent(track -> peer.core.stopRemoteTrack(now, track));
                case 5 -> peer.core.acceptVideo(List.of(codecs[1 + random.nextInt(3)], Codec.VP8));
                default -> peer.core.restartIce();
            }
        } catch (IllegalStateException full) {
            // eight are enough
        }
    }
}
