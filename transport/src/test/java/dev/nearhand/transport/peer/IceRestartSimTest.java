package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.wire.Path;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// ICE restarts in the middle of a film and a talk (RFC 8445 section 9), in virtual time.
class IceRestartSimTest {
    private static final double SIGNALING_MILLIS = 40;
    private static final List<ByteBuffer> FILM = PeerCoreSimTest.FILM;
    private static final List<String> TALK =
            IntStream.range(0, 60).mapToObj(SimPeer::message).toList();

    private static void restart(SimPeer offerer, SimPeer answerer) {
        offerer.node.run(_ -> offerer.core.restartIce());
        SimPeer.negotiate(offerer, answerer, SIGNALING_MILLIS);
    }

    private static Stream<String> ufrags(SimPeer peer) {
        return peer.core
                .createOffer()
                .lines()
                .filter(line -> line.startsWith("a=ice-ufrag"))
                .distinct();
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
    }

    /// The odd seeds restart at the host, which made the first offer, the even ones at the viewer.
    @ParameterizedTest
    @MethodSource("seeds")
    void noFrameAndNoMessageIsLostByARestartOfEitherSide(long seed) {
        var scene = PeerCoreSimTest.Scene.of(seed, LinkProfile.perfect().withDelayMillis(1 + seed * 3));
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer().frames.size() > 10, 10_000)).isTrue();
        String before = ufrags(scene.host()).findFirst().orElseThrow();
        SimPeer one = seed % 2 == 1 ? scene.host() : scene.viewer();
        restart(one, one == scene.host() ? scene.viewer() : scene.host());
        assertThat(scene.run(() -> scene.viewer().frames.size() == FILM.size(), 20_000))
                .as("seed %d: %d frames", seed, scene.viewer().frames.size())
                .isTrue();
        for (int i = 0; i < FILM.size(); i++) {
            assertThat(scene.viewer().frames.get(i).data()).isEqualTo(FILM.get(i));
        }
        assertThat(scene.run(() -> scene.viewer().heard.size() == TALK.size(), 20_000))
                .isTrue();
        assertThat(scene.viewer().heard).isEqualTo(TALK);
        assertThat(ufrags(scene.host())).doesNotContain(before);
        assertThat(scene.host().states).as("nobody noticed").containsOnlyOnce(PeerState.CONNECTED);
        assertThat(scene.host().isConnected() && scene.viewer().isConnected()).isTrue();
    }

    /// A restart sends along the present path until it has found another: no pause is longer than that between two
    /// frames, whatever the delay of the network is.
    @ParameterizedTest
    @MethodSource("seeds")
    void thePictureDoesNotPauseForARestart(long seed) {
        var scene = PeerCoreSimTest.Scene.of(seed, LinkProfile.perfect().withDelayMillis(1 + seed * 3));
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer().frames.size() > 10, 10_000)).isTrue();
        List<Long> arrivals = new ArrayList<>(List.of(scene.world().now()));
        scene.viewer().listener = event -> {
            if (event instanceof PeerEvent.Frame) {
                arrivals.add(scene.world().now());
            }
        };
        SimPeer one = seed % 2 == 1 ? scene.host() : scene.viewer();
        restart(one, one == scene.host() ? scene.viewer() : scene.host());
        assertThat(scene.run(() -> scene.viewer().frames.size() == FILM.size(), 20_000))
                .isTrue();
        long longest = IntStream.range(1, arrivals.size())
                .mapToLong(i -> arrivals.get(i) - arrivals.get(i - 1))
                .max()
                .orElseThrow();
        assertThat(longest / 1e6).as("ms without a frame").isLessThan(SimPeer.FRAME_MILLIS + 2);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aPathThatIsGoneIsReplacedByTheOneThatARestartFinds(long seed) {
        var scene = PeerCoreSimTest.Scene.of(
                seed, LinkProfile.perfect().withDelayMillis(20).withLoss(0.02));
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer().frames.size() > 10, 10_000)).isTrue();
        Path used = scene.host().core.path();
        scene.world().setDown(used.local().getAddress(), true);
        scene.world().runForMillis(100); // what was on its way
        int seen = scene.viewer().frames.size();
        scene.world().runForMillis(200);
        assertThat(scene.viewer().frames).as("the path in use is gone").hasSize(seen);
        restart(scene.viewer(), scene.host());
        assertThat(scene.run(() -> scene.viewer().frames.size() > seen + 5, 3_000))
                .as("seed %d: the picture is back", seed)
                .isTrue();
        assertThat(scene.run(() -> scene.viewer().heard.size() == TALK.size(), 60_000))
                .as("seed %d: %d messages", seed, scene.viewer().heard.size())
                .isTrue();
        assertThat(scene.viewer().heard).isEqualTo(TALK);
    }

    /// As long as a session waits for its network: nothing in the channels is given up, and nothing waits for a timeout
    /// that has doubled all the while.
    @ParameterizedTest
    @ValueSource(longs = {35_000, 100_000, 400_000})
    void aConnectionThatIsLostOrHasFailedComesBackByARestartWithAllThatWaited(long millis) {
        var scene = PeerCoreSimTest.Scene.of(7, LinkProfile.perfect().withDelayMillis(20));
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer().heard.size() > 5, 10_000)).isTrue();
        down(scene, true);
        scene.world().runForMillis(millis);
        PeerState expected = millis > 330_000 ? PeerState.FAILED : PeerState.DISCONNECTED;
        assertThat(scene.host().core.state()).isEqualTo(expected);
        assertThat(scene.viewer().core.state()).isEqualTo(expected);
        assertThat(scene.viewer().heard).hasSizeLessThan(TALK.size());

        down(scene, false);
        restart(scene.host(), scene.viewer());

        assertThat(scene.run(() -> scene.host().isConnected() && scene.viewer().isConnected(), 500))
                .isTrue();
        assertThat(scene.run(() -> scene.viewer().heard.size() == TALK.size(), 5_000))
                .as("%d of %d messages", scene.viewer().heard.size(), TALK.size())
                .isTrue();
        assertThat(scene.viewer().heard).isEqualTo(TALK);
    }

    private static void down(PeerCoreSimTest.Scene scene, boolean down) {
        scene.world().setDown(scene.host().node.host(), scene.viewer().node.host(), down);
        scene.world().setDown(scene.viewer().node.host(), scene.host().node.host(), down);
    }

    /// The descriptions have no candidates at all: each comes by itself, and earlier than the answer.
    @Test
    void candidatesThatComeBeforeTheAnswerBelongToTheRestart() {
        var scene = PeerCoreSimTest.Scene.of(3, LinkProfile.perfect().withDelayMillis(10));
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer().frames.size() > 5, 10_000)).isTrue();
        PeerCore host = scene.host().core;
        PeerCore viewer = scene.viewer().core;
        scene.host().node.run(_ -> host.restartIce());
        String[] offer = new String[1];
        scene.host().node.run(now -> {
            offer[0] = host.createOffer();
            host.setLocalDescription(now, SdpKind.OFFER, offer[0]);
        });
        String[] answer = new String[1];
        scene.viewer().node.run(now -> {
            viewer.setRemoteDescription(now, SdpKind.OFFER, withoutCandidates(offer[0]));
            candidates(offer[0]).forEach(candidate -> viewer.addRemoteCandidate(now, candidate));
            answer[0] = viewer.createAnswer();
            viewer.setLocalDescription(now, SdpKind.ANSWER, answer[0]);
        });
        scene.host().node.run(now -> {
            candidates(answer[0]).forEach(candidate -> host.addRemoteCandidate(now, candidate));
            host.setRemoteDescription(now, SdpKind.ANSWER, withoutCandidates(answer[0]));
        });
        long before = host.stats().counters().get("ice.checks.succeeded");
        scene.world().runForMillis(2_000);
        assertThat(host.stats().counters().get("ice.checks.succeeded")).isGreaterThan(before);
        assertThat(scene.run(() -> scene.viewer().frames.size() == FILM.size(), 20_000))
                .isTrue();
        scene.world().runForMillis(60_000);
        assertThat(scene.host().isConnected() && scene.viewer().isConnected()).isTrue();
    }

    /// Host and viewer exchange descriptions without candidates; the answer takes its time.
    private static void restartWithoutCandidates(PeerCoreSimTest.Scene scene, double answerMillis) {
        PeerCore host = scene.host().core;
        PeerCore viewer = scene.viewer().core;
        String[] text = new String[1];
        scene.host().node.run(now -> {
            host.restartIce();
            text[0] = host.createOffer();
            host.setLocalDescription(now, SdpKind.OFFER, text[0]);
        });
        scene.viewer().node.run(now -> {
            viewer.setRemoteDescription(now, SdpKind.OFFER, text[0]);
            text[0] = viewer.createAnswer();
            viewer.setLocalDescription(now, SdpKind.ANSWER, text[0]);
        });
        scene.world().afterMillis(answerMillis, () -> scene.host()
                .node
                .run(now -> host.setRemoteDescription(now, SdpKind.ANSWER, withoutCandidates(text[0]))));
    }

    private static long counter(SimPeer peer, String name) {
        return peer.core.stats().counters().getOrDefault(name, 0L);
    }

    /// Who answers checks at once, and need not wait for its answer to arrive.
    @ParameterizedTest
    @MethodSource("seeds")
    void checksThatOvertakeTheAnswerAreAnswered(long seed) {
        var scene = PeerCoreSimTest.Scene.of(
                seed, LinkProfile.perfect().withDelayMillis(1 + seed).withLoss(0.02));
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer().heard.size() > 5, 10_000)).isTrue();
        long before = counter(scene.viewer(), "ice.checks.succeeded");
        restartWithoutCandidates(scene, 3_000);
        scene.world().runForMillis(2_900);
        assertThat(counter(scene.host(), "ice.refused.foreign")).isZero();
        assertThat(counter(scene.host(), "ice.checks.early")).isPositive();
        assertThat(counter(scene.viewer(), "ice.checks.succeeded")).isGreaterThan(before);
        long learned = counter(scene.host(), "ice.learned.prflx");
        scene.world().runForMillis(101);
        assertThat(counter(scene.host(), "ice.learned.prflx"))
                .as("what it has checked is known with the answer, which names nothing")
                .isGreaterThan(learned);
        assertThat(scene.run(() -> scene.viewer().heard.size() == TALK.size(), 60_000))
                .isTrue();
        assertThat(scene.viewer().heard).isEqualTo(TALK);
        assertThat(scene.host().isConnected() && scene.viewer().isConnected()).isTrue();
    }

    /// The viewer is in another network now, and says so by its checks alone.
    @Test
    void whatComesAlongAPathThatOvertakesTheAnswerIsTaken() {
        var scene = PeerCoreSimTest.Scene.of(5, LinkProfile.perfect().withDelayMillis(10));
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer().heard.size() > 5, 10_000)).isTrue();
        restartWithoutCandidates(scene, 10_000);
        InetAddress elsewhere = InetAddress.ofLiteral("198.51.100.7");
        scene.viewer().roams(null, 0, elsewhere);
        scene.world().runForMillis(50);
        int heard = scene.host().heard.size();
        scene.world().runForMillis(5_000);
        assertThat(scene.viewer().core.path().local().getAddress()).isEqualTo(elsewhere);
        assertThat(scene.host().heard).hasSizeGreaterThan(heard);
        assertThat(counter(scene.host(), "dropped.unknownPath")).isZero();
        assertThat(scene.run(() -> scene.viewer().heard.size() == TALK.size(), 60_000))
                .isTrue();
        assertThat(scene.viewer().heard).isEqualTo(TALK);
    }

    @Test
    void anOfferThatIsTakenBackTakesItsCredentialsWithIt() {
        var scene = PeerCoreSimTest.Scene.of(5, LinkProfile.perfect().withDelayMillis(10));
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.viewer().heard.size() > 5, 10_000)).isTrue();
        restartWithoutCandidates(scene, 1_000_000);
        scene.world().runForMillis(1_000);
        long early = counter(scene.host(), "ice.checks.early");
        assertThat(early).isPositive();
        scene.host().node.run(now -> scene.host().core.setLocalDescription(now, SdpKind.ROLLBACK, ""));
        scene.world().runForMillis(8_000);
        assertThat(counter(scene.host(), "ice.checks.early")).isEqualTo(early);
        assertThat(counter(scene.host(), "ice.refused.foreign")).isPositive();
        assertThat(scene.host().core.localUfrags()).hasSize(1);
    }

    private static String withoutCandidates(String sdp) {
        return sdp.replaceAll("a=candidate:[^\r]*\r\n", "").replace("a=end-of-candidates\r\n", "");
    }

    private static List<String> candidates(String sdp) {
        return sdp.lines()
                .filter(line -> line.startsWith("a=candidate:"))
                .map(line -> line.substring(2))
                .toList();
    }

    @Test
    void aConnectionOutlivesManyRestarts() {
        var scene = PeerCoreSimTest.Scene.of(5, LinkProfile.perfect().withDelayMillis(10));
        scene.negotiate(10);
        assertThat(scene.run(() -> scene.host().isConnected() && scene.viewer().isConnected(), 10_000))
                .isTrue();
        for (int round = 0; round < 50; round++) {
            SimPeer one = round % 3 == 0 ? scene.host() : scene.viewer();
            restart(one, one == scene.host() ? scene.viewer() : scene.host());
            scene.world().runForMillis(500);
            assertThat(scene.host().isConnected() && scene.viewer().isConnected())
                    .as("round %d", round)
                    .isTrue();
        }
        scene.world().runForMillis(60_000);
        assertThat(scene.host().isConnected() && scene.viewer().isConnected())
                .as("consent goes on with the latest credentials")
                .isTrue();
    }
}
