package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.NatBehaviour;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimNat;
import dev.nearhand.transport.sim.SimTurnServer;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.turn.ServerUri;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The viewer's machine changes its network in the middle of a film: its address is gone, and there is another one
/// behind another NAT. No description is exchanged.
class RoamingSimTest {
    /// From the moment at which the new address is up.
    private static final double BACK_WITHIN_MILLIS = 2_000;

    private static final double SIGNALING_MILLIS = 40;

    /// A minute and more.
    private static final List<ByteBuffer> FILM = Stream.generate(() -> PeerCoreSimTest.FILM)
            .limit(60)
            .flatMap(List::stream)
            .toList();

    private enum Net {
        OPEN(null),
        CONE(NatBehaviour.fullCone()),
        PORT_RESTRICTED(NatBehaviour.portRestrictedCone()),
        SYMMETRIC(NatBehaviour.symmetric());

        final @Nullable NatBehaviour behaviour;

        Net(@Nullable NatBehaviour behaviour) {
            this.behaviour = behaviour;
        }
    }

    private static final class Scene {
        final SimWorld world;
        final SimPeer host;
        final SimPeer viewer;
        final boolean viewerOffers;

        Scene(long seed, Net hostNet, Net viewerNet, boolean viewerOffers, List<IceServer> servers) {
            this.viewerOffers = viewerOffers;
            world = new SimWorld(seed);
            world.links(LinkProfile.perfect().withDelayMillis(15).withLoss(seed % 2 * 0.03));
            SimTurnServer.start(world, world.host("server", "203.0.113.5"));
            SimHost hostMachine = machine("host", hostNet, "198.51.100.1", "10.0.0.2");
            SimHost viewerMachine = machine("viewer", viewerNet, "198.51.100.2", "192.168.1.7");
            host = new SimPeer(world, hostMachine, core -> core, servers, false).films(FILM);
            viewer = new SimPeer(world, viewerMachine, core -> core, servers, false);
            (viewerOffers ? viewer : host).core.addReceiver(false);
        }

        private SimHost machine(String name, Net net, String outer, String inner) {
            return net.behaviour == null
                    ? world.host(name, outer)
                    : world.hostBehind(world.nat(outer, net.behaviour), name, inner);
        }

        Scene connect() {
            assertThat(world.runUntil(() -> host.core.isGathered() && viewer.core.isGathered(), 3_100))
                    .isTrue();
            SimPeer.negotiate(viewerOffers ? viewer : host, viewerOffers ? host : viewer, SIGNALING_MILLIS);
            assertThat(world.runUntil(() -> viewer.frames.size() > 10, 10_000))
                    .as("%s %s", host.core.stats(), viewer.core.stats())
                    .isTrue();
            return this;
        }

        /// The viewer's old network is gone at once, and the new one is there when the core learns of it.
        void roam(SimPeer who, @Nullable SimNat behind, String to) {
            who.roams(behind, 0, InetAddress.ofLiteral(to));
        }

        @Nullable
        SimNat newNat(Net net) {
            return net.behaviour == null ? null : world.nat("198.51.100.77", net.behaviour);
        }

        void pictureComesBack() {
            int seen = viewer.frames.size();
            assertThat(world.runUntil(() -> viewer.frames.size() > seen + 5, BACK_WITHIN_MILLIS))
                    .as("%s %s\n%s %s", host.states, viewer.states, host.core.stats(), viewer.core.stats())
                    .isTrue();
        }

        void staysConnected() {
            world.runForMillis(35_000); // longer than consent lasts
            assertThat(host.isConnected() && viewer.isConnected())
                    .as("%s %s", host.states, viewer.states)
                    .isTrue();
            assertThat(host.states).doesNotContain(PeerState.FAILED);
            assertThat(viewer.states).doesNotContain(PeerState.FAILED);
        }
    }

    private static List<IceServer> servers() {
        String address = "203.0.113.5:" + SimTurnServer.PORT;
        return List.of(
                new IceServer(ServerUri.parse("stun:" + address), "", ""),
                new IceServer(
                        ServerUri.parse("turn:" + address + "?transport=udp"),
                        SimTurnServer.USERNAME,
                        SimTurnServer.PASSWORD));
    }

    static Stream<Arguments> everyMove() {
        List<Arguments> moves = new ArrayList<>();
        for (Net host : Net.values()) {
            for (Net from : Net.values()) {
                for (Net to : Net.values()) {
                    moves.add(Arguments.of(host, from, to, true));
                    moves.add(Arguments.of(host, from, to, false));
                }
            }
        }
        return moves.stream();
    }

    /// The candidates of the new network reach the host on a way of their own.
    @ParameterizedTest(name = "host {0}, viewer from {1} to {2}, viewer offers {3}")
    @MethodSource("everyMove")
    void thePictureIsBackInTwoSecondsWhenNewCandidatesAreTold(Net host, Net from, Net to, boolean viewerOffers) {
        Scene scene = new Scene(1 + host.ordinal() + to.ordinal(), host, from, viewerOffers, servers()).connect();
        scene.viewer.trickles(scene.host, SIGNALING_MILLIS);
        scene.roam(scene.viewer, scene.newNat(to), to == Net.OPEN ? "198.51.100.77" : "172.16.0.9");
        scene.pictureComesBack();
        scene.staysConnected();
    }

    /// Nobody tells the host anything: a server that both sides use is where they meet again.
    @ParameterizedTest(name = "host {0}, viewer from {1} to {2}, viewer offers {3}")
    @MethodSource("everyMove")
    void thePictureIsBackInTwoSecondsThroughTheRelayWhenNothingCanBeTold(
            Net host, Net from, Net to, boolean viewerOffers) {
        Scene scene = new Scene(1 + host.ordinal() + to.ordinal(), host, from, viewerOffers, servers()).connect();
        scene.roam(scene.viewer, scene.newNat(to), to == Net.OPEN ? "198.51.100.77" : "172.16.0.9");
        scene.pictureComesBack();
        scene.staysConnected();
    }

    /// No server, no signaling: a host that anybody can reach is found again with the credentials that both have.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHostThatCanBeReachedIsFoundAgainWithoutAnyHelp(boolean viewerOffers) {
        for (Net to : Net.values()) {
            Scene scene = new Scene(to.ordinal(), Net.OPEN, Net.SYMMETRIC, viewerOffers, List.of()).connect();
            scene.roam(scene.viewer, scene.newNat(to), to == Net.OPEN ? "198.51.100.77" : "172.16.0.9");
            scene.pictureComesBack();
            scene.staysConnected();
        }
    }

    /// The other way round: it is the one who films that moves.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theHostMayMoveAsWell(boolean viewerOffers) {
        for (Net to : Net.values()) {
            Scene scene = new Scene(to.ordinal(), Net.PORT_RESTRICTED, Net.OPEN, viewerOffers, List.of()).connect();
            scene.roam(scene.host, scene.newNat(to), to == Net.OPEN ? "198.51.100.77" : "172.16.0.9");
            scene.pictureComesBack();
            scene.staysConnected();
        }
    }

    /// Ten seconds in a tunnel: the old network is gone long before there is a new one.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMachineWithoutAnyNetworkForAWhileComesBack(boolean viewerOffers) {
        Scene scene = new Scene(1, Net.OPEN, Net.PORT_RESTRICTED, viewerOffers, servers()).connect();
        scene.viewer.roams(null, 0);
        scene.world.runForMillis(10_000);
        assertThat(scene.viewer.core.path()).isNull();
        assertThat(scene.viewer.states.getLast()).isEqualTo(PeerState.DISCONNECTED);
        scene.roam(scene.viewer, scene.newNat(Net.PORT_RESTRICTED), "172.16.0.9");
        scene.pictureComesBack();
        scene.staysConnected();
    }

    /// Nothing gets through for longer than consent lasts, whether or not anybody restarts ICE meanwhile; what the
    /// channels hold is not lost.
    @ParameterizedTest
    @ValueSource(ints = {15_000, 31_000, 45_000, 100_000})
    void aCutLinkIsUsedAgainWithinThreeSecondsOfItsReturn(int outageMillis) {
        Scene scene = new Scene(2, Net.OPEN, Net.PORT_RESTRICTED, true, List.of());
        scene.viewer.says(20);
        scene.connect();
        SimHost one = scene.host.node.host();
        SimHost other = scene.viewer.node.host();
        scene.world.setDown(one, other, true);
        scene.world.setDown(other, one, true);
        scene.world.runForMillis(outageMillis);
        assertThat(scene.viewer.states.getLast()).isEqualTo(PeerState.DISCONNECTED);
        scene.world.setDown(one, other, false);
        scene.world.setDown(other, one, false);
        int channel = scene.viewer.labels.keySet().iterator().next();
        assertThat(scene.world.runUntil(() -> scene.host.isConnected() && scene.viewer.isConnected(), 3_000))
                .as("%s %s\n%s", scene.host.states, scene.viewer.states, scene.viewer.core.stats())
                .isTrue();
        scene.viewer.node.run(now -> scene.viewer.core.channels().sendText(now, channel, "after"));
        assertThat(scene.world.runUntil(() -> scene.host.heard.contains("after"), 3_000))
                .as("%s", scene.viewer.core.stats())
                .isTrue();
        scene.pictureComesBack();
        scene.staysConnected();
    }

    @Test
    void everyMoveEndsWithAsManyCandidatesAsItBegan() {
        Scene scene = new Scene(2, Net.PORT_RESTRICTED, Net.PORT_RESTRICTED, true, servers()).connect();
        long before = candidates(scene.viewer);
        for (int i = 1; i <= 20; i++) {
            scene.viewer.trickles(scene.host, SIGNALING_MILLIS);
            scene.roam(
                    scene.viewer,
                    scene.world.nat("198.51.100." + (100 + i), NatBehaviour.portRestrictedCone()),
                    "172.16.0." + i);
            scene.pictureComesBack();
            scene.world.runForMillis(1_000);
        }
        assertThat(candidates(scene.viewer)).isEqualTo(before);
        scene.staysConnected();
    }

    private static long candidates(SimPeer peer) {
        return peer.core
                .createOffer()
                .lines()
                .filter(line -> line.startsWith("a=candidate"))
                .count();
    }
}
