package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.NatBehaviour;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimTurnServer;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.turn.ServerUri;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Two whole peer connections behind NATs, with a STUN and TURN server between them, in virtual time.
class NatMatrixSimTest {
    private static final int MESSAGES = 40;
    private static final int SEEDS = 5;

    /// The kinds of NAT in the words of the old names; `NatBehaviour` has them in those of RFC 4787.
    private enum Nat {
        CONE(NatBehaviour.fullCone()),
        PORT_RESTRICTED(NatBehaviour.portRestrictedCone()),
        SYMMETRIC(NatBehaviour.symmetric());

        final NatBehaviour behaviour;

        Nat(NatBehaviour behaviour) {
            this.behaviour = behaviour;
        }

        /// A symmetric NAT sends to each peer from another port than the one that STUN has seen: the peer's NAT must
        /// let in a port that it was never told.
        static boolean allowDirect(Nat one, Nat other) {
            return !(one == SYMMETRIC && other != CONE || other == SYMMETRIC && one != CONE);
        }
    }

    private static final class Scene {
        final SimWorld world;
        final SimHost serverHost;
        final SimTurnServer server;
        final SimPeer host;
        final SimPeer viewer;

        Scene(long seed, NatBehaviour one, NatBehaviour other, LinkProfile links, boolean relayOnly) {
            world = new SimWorld(seed);
            world.links(links);
            serverHost = world.host("server", "203.0.113.5");
            server = SimTurnServer.start(world, serverHost);
            SimHost inner = world.hostBehind(world.nat("198.51.100.1", one), "host", "10.0.0.2");
            SimHost outer = world.hostBehind(world.nat("198.51.100.2", other), "viewer", "192.168.1.7");
            host = new SimPeer(world, inner, core -> core, servers(), relayOnly).echoing();
            viewer = new SimPeer(world, outer, core -> core, servers(), relayOnly).says(MESSAGES);
        }

        static List<IceServer> servers() {
            String address = "203.0.113.5:" + SimTurnServer.PORT;
            return List.of(
                    new IceServer(ServerUri.parse("stun:" + address), "", ""),
                    new IceServer(
                            ServerUri.parse("turn:" + address + "?transport=udp"),
                            SimTurnServer.USERNAME,
                            SimTurnServer.PASSWORD));
        }

        Scene negotiate() {
            assertThat(world.runUntil(() -> host.core.isGathered() && viewer.core.isGathered(), 3_100))
                    .isTrue();
            SimPeer.negotiate(host, viewer, 30);
            return this;
        }

        boolean talks() {
            return world.runUntil(() -> viewer.heard.size() == MESSAGES, 60_000);
        }

        List<String> paths() {
            return List.of(host.core.stats().pathKind(), viewer.core.stats().pathKind());
        }
    }

    static Stream<Arguments> matrix() {
        List<Arguments> cells = new ArrayList<>();
        for (Nat one : Nat.values()) {
            for (Nat other : Nat.values()) {
                IntStream.rangeClosed(1, SEEDS).forEach(seed -> cells.add(Arguments.of(one, other, seed)));
            }
        }
        return cells.stream();
    }

    /// Both descriptions leave before any server has answered.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void candidatesThatAreFoundLaterFollowTheDescriptions(long seed) {
        LinkProfile links = LinkProfile.perfect().withDelayMillis(15).withLoss(seed % 2 * 0.05);
        Scene scene =
                new Scene(seed, NatBehaviour.portRestrictedCone(), NatBehaviour.portRestrictedCone(), links, seed > 4);
        String offer = scene.host.core.createOffer();
        assertThat(offer).doesNotContain("end-of-candidates", "srflx", "relay");
        SimPeer.negotiate(scene.host, scene.viewer, 30);
        new Follower(scene.world, scene.host, scene.viewer).run();
        new Follower(scene.world, scene.viewer, scene.host).run();
        assertThat(scene.talks()).isTrue();
        scene.world.runForMillis(10_000);
        for (SimPeer peer : List.of(scene.host, scene.viewer)) {
            assertThat(peer.candidates).doesNotHaveDuplicates().last().isEqualTo("");
            assertThat(peer.candidates).anyMatch(candidate -> candidate.contains("typ relay"));
            assertThat(peer.core.createOffer()).contains("end-of-candidates", "typ relay");
        }
    }

    /// Brings the candidates of one to the other, 30 ms after they were found.
    private static final class Follower implements Runnable {
        private final SimWorld world;
        private final SimPeer from;
        private final SimPeer to;
        private int brought;

        Follower(SimWorld world, SimPeer from, SimPeer to) {
            this.world = world;
            this.from = from;
            this.to = to;
        }

        @Override
        public void run() {
            while (brought < from.candidates.size()) {
                String candidate = from.candidates.get(brought++);
                world.afterMillis(30, () -> to.node.run(now -> to.core.addRemoteCandidate(now, candidate)));
            }
            world.afterMillis(5, this);
        }
    }

    @ParameterizedTest(name = "{0} x {1}, seed {2}")
    @MethodSource("matrix")
    void connectsDirectlyWhereTheoryAllowsItAndThroughTheRelayElsewhere(Nat one, Nat other, int seed) {
        LinkProfile links = LinkProfile.perfect().withDelayMillis(15).withJitterMillis(10);
        Scene scene = new Scene(seed, one.behaviour, other.behaviour, seed == 1 ? links : links.withLoss(0.05), false);
        assertThat(scene.negotiate().talks()).isTrue();
        scene.world.runForMillis(4_000);
        String route = scene.paths().toString();
        assertThat(route.contains("relay")).as(route).isEqualTo(!Nat.allowDirect(one, other));
    }

    @ParameterizedTest
    @MethodSource("roughSeeds")
    void connectsThroughAnyPairOfNatsInABadHour(long seed) {
        RandomGenerator dice = new SplittableRandom(seed);
        Nat one = Nat.values()[dice.nextInt(3)];
        Nat other = Nat.values()[dice.nextInt(3)];
        Scene scene = new Scene(seed, one.behaviour, other.behaviour, LinkProfile.rough(dice), dice.nextInt(4) == 0);
        scene.server.usesPerNonce = 1 + dice.nextInt(4);
        assertThat(scene.negotiate().talks()).as("%s x %s", one, other).isTrue();
    }

    static LongStream roughSeeds() {
        return LongStream.rangeClosed(1, 150);
    }

    /// Long after the permissions of the relay have lapsed, too.
    @ParameterizedTest
    @ValueSource(ints = {10, 2_000})
    void aDirectPathThatBreaksIsReplacedByTheRelay(int afterSeconds) {
        LinkProfile links = LinkProfile.perfect().withDelayMillis(15);
        Scene scene = new Scene(1, NatBehaviour.fullCone(), NatBehaviour.portRestrictedCone(), links, false);
        assertThat(scene.negotiate().talks()).isTrue();
        scene.world.runForMillis(afterSeconds * 1_000.0);
        assertThat(scene.paths().toString()).doesNotContain("relay");
        SimHost one = scene.host.node.host();
        SimHost other = scene.viewer.node.host();
        scene.world.setDown(one, other, true);
        scene.world.setDown(other, one, true);
        assertThat(scene.world.runUntil(
                        () -> scene.paths().stream().allMatch(path -> path.contains("relay"))
                                && scene.host.isConnected()
                                && scene.viewer.isConnected(),
                        20_000))
                .as("%s %s", scene.host.core.stats(), scene.viewer.core.stats())
                .isTrue();
        scene.world.runForMillis(120_000);
        assertThat(scene.host.isConnected() && scene.viewer.isConnected()).isTrue();
    }

    @Test
    void withRelaysOnlyNothingGoesDirectlyAndNoAddressIsTold() {
        LinkProfile links = LinkProfile.perfect().withDelayMillis(15);
        Scene scene = new Scene(1, NatBehaviour.fullCone(), NatBehaviour.fullCone(), links, true);
        assertThat(scene.world.runUntil(scene.host.core::isGathered, 3_000)).isTrue();
        String offer = scene.host.core.createOffer();
        assertThat(offer)
                .contains("typ relay raddr 0.0.0.0 rport 0")
                .doesNotContain("typ host", "typ srflx", "10.0.0.2", "198.51.100");
        assertThat(scene.negotiate().talks()).isTrue();
        assertThat(scene.paths()).allMatch(path -> path.startsWith("relay/relay"));
        assertThat(scene.world.carried(scene.host.node.host(), scene.viewer.node.host()))
                .isZero();
        assertThat(scene.server.count("relayed.channelData"))
                .as("data goes on channels")
                .isGreaterThan(MESSAGES);
    }

    /// On the relay's indications, before a channel is bound, and on its channels.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFilmArrivesWholeThroughTheRelay(boolean relayOnly) {
        LinkProfile links = LinkProfile.perfect().withDelayMillis(15);
        Scene scene = new Scene(1, NatBehaviour.symmetric(), NatBehaviour.symmetric(), links, relayOnly);
        scene.host.films(PeerCoreSimTest.FILM);
        assertThat(scene.negotiate().talks()).isTrue();
        assertThat(scene.world.runUntil(() -> scene.viewer.frames.size() == PeerCoreSimTest.FILM.size(), 10_000))
                .as("%d frames", scene.viewer.frames.size())
                .isTrue();
        assertThat(scene.paths().toString()).contains("relay");
        assertThat(scene.viewer.frames.stream().map(PeerEvent.Frame::data)).isEqualTo(PeerCoreSimTest.FILM);
        assertThat(scene.server.count("relayed.dataIndication")).isPositive();
    }

    @Test
    void aRelayedSessionOutlivesNoncesPermissionsAndChannels() {
        LinkProfile links = LinkProfile.perfect().withDelayMillis(15);
        Scene scene = new Scene(1, NatBehaviour.symmetric(), NatBehaviour.symmetric(), links, false);
        scene.server.usesPerNonce = 1;
        assertThat(scene.negotiate().talks()).isTrue();
        scene.world.runForMillis(3_600_000);
        assertThat(scene.host.states).doesNotContain(PeerState.DISCONNECTED, PeerState.FAILED);
        assertThat(scene.host.isConnected() && scene.viewer.isConnected()).isTrue();
    }

    @Test
    void closingSaysGoodbyeThroughTheRelayAndDeletesTheAllocation() {
        LinkProfile links = LinkProfile.perfect().withDelayMillis(15);
        Scene scene = new Scene(1, NatBehaviour.symmetric(), NatBehaviour.symmetric(), links, true);
        scene.server.usesPerNonce = 1;
        assertThat(scene.negotiate().talks()).isTrue();
        scene.viewer.node.run(scene.viewer.core::close);
        assertThat(scene.world.runUntil(() -> scene.host.core.state() == PeerState.CLOSED, 3_000))
                .isTrue();
        scene.world.runForMillis(2_000);
        assertThat(scene.server.allocations()).isZero();
        assertThat(scene.host.core.isReleasable() && scene.viewer.core.isReleasable())
                .isTrue();
        long sent = scene.host.node.sent() + scene.viewer.node.sent();
        scene.world.runForMillis(60_000);
        assertThat(scene.host.node.sent() + scene.viewer.node.sent()).isEqualTo(sent);
    }

    @Test
    void aServerThatIsNotThereDelaysADescriptionByNoMoreThanItsLimit() {
        LinkProfile links = LinkProfile.perfect();
        Scene scene = new Scene(1, NatBehaviour.fullCone(), NatBehaviour.fullCone(), links, false);
        scene.world.setDown(scene.serverHost.addresses().getFirst(), true);
        assertThat(scene.world.runUntil(scene.host.core::isGathered, Gathering.PATIENCE_NANOS / 1e6 + 1))
                .isTrue();
        assertThat(scene.host.core.createOffer()).contains("typ host");
    }

    @Test
    void aServerThatAnswersIsWaitedForNoLongerThanItTakes() {
        LinkProfile links = LinkProfile.perfect().withDelayMillis(20);
        Scene scene = new Scene(1, NatBehaviour.fullCone(), NatBehaviour.fullCone(), links, false);
        assertThat(scene.world.runUntil(scene.host.core::isGathered, 85))
                .as("two round trips")
                .isTrue();
        String offer = scene.host.core.createOffer();
        assertThat(offer.lines().filter(line -> line.contains("typ srflx raddr 10.0.0.2 rport 5000")))
                .as("what both servers see is one candidate")
                .hasSize(1);
        assertThat(offer).contains("typ host", "typ relay raddr 198.51.100.1");
    }

    /// The first address may be of another family than every server.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyAddressOfAHostIsAskedFromBeforeADescriptionIsComplete(boolean fourFirst) {
        SimWorld world = new SimWorld(1);
        SimHost relay = world.host("relay", "203.0.113.5");
        SimTurnServer.start(world, relay);
        SimHost machine = fourFirst
                ? world.host("host", "192.0.2.1", "2001:db8::1")
                : world.host("host", "2001:db8::1", "192.0.2.1");
        SimPeer peer = new SimPeer(world, machine, core -> core, Scene.servers(), true);
        assertThat(world.runUntil(peer.core::isGathered, 100)).isTrue();
        assertThat(peer.core.createOffer()).contains("typ relay");
    }

    @Test
    void withNobodyToAskADescriptionIsCompleteAtOnce() {
        SimWorld world = new SimWorld(1);
        SimPeer peer = new SimPeer(world, world.host("host", "2001:db8::1"), core -> core, Scene.servers(), false);
        assertThat(world.runUntil(peer.core::isGathered, 1)).isTrue();
    }

    @Test
    void aNameThatHasNoAddressIsNotWaitedFor() {
        SimWorld world = new SimWorld(1);
        SimHost machine = world.host("host", "192.0.2.1");
        IceServer named = new IceServer(ServerUri.parse("turn:Relay.Example.org:3478"), "u", "p");
        SimPeer peer = new SimPeer(world, machine, core -> core, List.of(named, named), false);
        assertThat(peer.core.isGathered()).isFalse();
        assertThat(peer.node.events()).containsExactly(new PeerEvent.ResolveServer("relay.example.org"));
        peer.node.run(now -> peer.core.serverResolved(now, "relay.example.org", List.of()));
        assertThat(peer.core.isGathered()).isTrue();
    }
}
