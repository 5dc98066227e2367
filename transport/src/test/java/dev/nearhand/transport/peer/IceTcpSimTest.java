package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.datachannel.DataChannelConfig;
import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.NatBehaviour;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimWorld;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TCP candidates (RFC 6544) where UDP does not get through, and where it does.
class IceTcpSimTest {
    private static final double SIGNALING_MILLIS = 40;
    private static final int MESSAGES = 20;

    private final SimWorld world = new SimWorld(6_544);
    private final SimHost left = world.host("left", "198.51.100.1");
    private final SimHost right = world.host("right", "198.51.100.2");

    IceTcpSimTest() {
        world.links(LinkProfile.perfect().withDelayMillis(15));
    }

    private SimPeer peer(SimHost host) {
        return new SimPeer(world, host);
    }

    private void connect(SimPeer offerer, SimPeer answerer) {
        answerer.echoing();
        offerer.says(MESSAGES);
        SimPeer.negotiate(offerer, answerer, SIGNALING_MILLIS);
        assertThat(world.runUntil(() -> offerer.heard.size() == MESSAGES, 5_000))
                .as("%s\n%s", offerer.core.stats(), answerer.core.stats())
                .isTrue();
    }

    private static void assertTcp(SimPeer peer) {
        assertThat(peer.core.path()).matches(path -> path != null && path.stream());
        assertThat(peer.core.stats().pathKind()).endsWith(" tcp4");
    }

    @ParameterizedTest(name = "the offerer listens: {0}")
    @ValueSource(booleans = {true, false})
    void withoutUdpBothConnectOverTcp(boolean offererListens) {
        world.blockUdp(true);
        SimPeer offerer = peer(left);
        SimPeer answerer = peer(right);
        (offererListens ? offerer : answerer).listens();
        connect(offerer, answerer);
        assertTcp(offerer);
        assertTcp(answerer);
        assertThat(world.connectionsOpened()).isEqualTo(1);
        world.runForMillis(60_000); // consent, and no patience that ends
        assertThat(offerer.isConnected() && answerer.isConnected()).isTrue();
        assertThat(offerer.states).doesNotContain(PeerState.DISCONNECTED);
        assertThat(answerer.states).doesNotContain(PeerState.DISCONNECTED);
    }

    @Test
    void whereBothListenEitherConnectionIsGoodForBothDirections() {
        world.blockUdp(true);
        SimPeer offerer = peer(left).listens();
        SimPeer answerer = peer(right).listens();
        connect(offerer, answerer);
        world.runForMillis(5_000);
        assertTcp(offerer);
        assertTcp(answerer);
        assertThat(world.connectionsOpened()).isEqualTo(2);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void survivesSegmentsThatAreLost(long seed) {
        SimWorld lossy = new SimWorld(seed);
        lossy.links(LinkProfile.perfect().withDelayMillis(15).withLoss(0.05));
        lossy.blockUdp(true);
        SimPeer offerer = new SimPeer(lossy, lossy.host("left", "198.51.100.1"));
        SimPeer answerer = new SimPeer(lossy, lossy.host("right", "198.51.100.2"))
                .listens()
                .echoing();
        offerer.says(MESSAGES);
        SimPeer.negotiate(offerer, answerer, SIGNALING_MILLIS);
        assertThat(lossy.runUntil(() -> offerer.heard.size() == MESSAGES, 20_000))
                .as("%s\n%s", offerer.core.stats(), answerer.core.stats())
                .isTrue();
        assertTcp(offerer);
    }

    @Test
    void whereUdpGetsThroughItIsUsed() {
        SimPeer offerer = peer(left).listens();
        SimPeer answerer = peer(right).listens();
        connect(offerer, answerer);
        world.runForMillis(5_000);
        assertThat(offerer.core.stats().pathKind()).endsWith(" udp4");
        assertThat(answerer.core.stats().pathKind()).endsWith(" udp4");
    }

    @Test
    void aBadStartOverUdpDoesNotTieTheConnectionToTcp() {
        world.blockUdp(true);
        SimPeer offerer = peer(left).listens();
        SimPeer answerer = peer(right).listens();
        connect(offerer, answerer);
        assertTcp(offerer);
        world.blockUdp(false); // within the time that a nomination over TCP waits
        assertThat(world.runUntil(() -> offerer.core.stats().pathKind().endsWith(" udp4"), 2_000))
                .isTrue();
        world.runForMillis(1_000);
        assertThat(answerer.core.stats().pathKind()).endsWith(" udp4");
    }

    @Test
    void whoIsBehindANatConnectsToWhoListens() {
        world.blockUdp(true);
        SimPeer inside =
                peer(world.hostBehind(world.nat("198.51.100.9", NatBehaviour.symmetric()), "inside", "192.168.1.7"));
        SimPeer outside = peer(right).listens();
        connect(inside, outside);
        assertTcp(outside);
    }

    @ParameterizedTest(name = "the offerer listens: {0}")
    @ValueSource(booleans = {true, false})
    void aRestartGoesOnOverTheSameConnection(boolean offererListens) {
        world.blockUdp(true);
        SimPeer offerer = peer(left);
        SimPeer answerer = peer(right);
        (offererListens ? offerer : answerer).listens();
        connect(offerer, answerer);
        offerer.node.run(_ -> offerer.core.restartIce());
        SimPeer.negotiate(offerer, answerer, SIGNALING_MILLIS);
        world.runForMillis(40_000); // longer than consent of before would last
        assertTcp(offerer);
        assertThat(offerer.isConnected() && answerer.isConnected()).isTrue();
        assertThat(world.connectionsOpened()).isEqualTo(1);
    }

    @ParameterizedTest(name = "the offerer listens: {0}")
    @ValueSource(booleans = {true, false})
    void aConnectionThatBreaksIsOpenedAnewWithinASecond(boolean offererListens) {
        world.blockUdp(true);
        SimPeer offerer = peer(left);
        SimPeer answerer = peer(right);
        (offererListens ? offerer : answerer).listens();
        connect(offerer, answerer);
        world.runForMillis(10_000);
        world.breakConnections();
        says(offerer, "after");
        assertThat(world.runUntil(() -> offerer.heard.contains("after"), 1_000))
                .as("%s %s\n%s\n%s", offerer.states, answerer.states, offerer.core.stats(), answerer.core.stats())
                .isTrue();
        world.runForMillis(40_000);
        assertThat(offerer.isConnected() && answerer.isConnected()).isTrue();
        assertThat(world.connectionsOpened()).isEqualTo(2);
    }

    private void says(SimPeer peer, String text) {
        int channel = peer.labels.keySet().iterator().next();
        peer.node.run(now -> peer.core.channels().sendText(now, channel, text));
    }

    @Test
    void theDescriptionNamesWhoListensAndNoActiveCandidate() {
        SimPeer listening = peer(left).listens();
        String[] offer = new String[1];
        listening.node.run(_ -> {
            listening.core.openChannel(0, DataChannelConfig.reliable("talk"));
            offer[0] = listening.core.createOffer();
        });
        assertThat(offer[0])
                .contains(" tcp ")
                .contains(" 198.51.100.1 6000 typ host tcptype passive")
                .doesNotContain("tcptype active");
    }

    @Test
    void anAddressThatIsGoneTakesItsTcpCandidatesWithIt() {
        world.blockUdp(true);
        SimPeer offerer = peer(left);
        SimPeer answerer = peer(right).listens();
        connect(offerer, answerer);
        answerer.node.run(now -> answerer.core.removeLocalAddress(now, right.at(5_000)));
        assertThat(answerer.core.path()).isNull();
        String[] offer = new String[1];
        answerer.node.run(_ -> offer[0] = answerer.core.createOffer());
        assertThat(offer[0]).doesNotContain("tcptype");
    }

    @Test
    void aListenerThatIsToldLaterIsConnectedTo() {
        world.blockUdp(true);
        SimPeer offerer = peer(left);
        SimPeer answerer = peer(right).echoing();
        answerer.trickles(offerer, SIGNALING_MILLIS);
        offerer.says(MESSAGES);
        SimPeer.negotiate(offerer, answerer, SIGNALING_MILLIS);
        world.runForMillis(3_000);
        assertThat(offerer.heard).isEmpty();
        answerer.listens();
        assertThat(world.runUntil(() -> offerer.heard.size() == MESSAGES, 5_000))
                .isTrue();
        assertTcp(answerer);
    }

    @Test
    void whoMayUseOnlyRelaysConnectsToNobody() {
        world.blockUdp(true);
        SimPeer shy = new SimPeer(world, left, core -> core, List.of(), true).says(1);
        SimPeer answerer = peer(right).listens();
        SimPeer.negotiate(shy, answerer, SIGNALING_MILLIS);
        world.runForMillis(10_000);
        assertThat(world.connectionsOpened()).isZero();
    }
}
