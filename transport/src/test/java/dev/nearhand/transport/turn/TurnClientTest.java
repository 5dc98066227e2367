package dev.nearhand.transport.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.NatBehaviour;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimNode;
import dev.nearhand.transport.sim.SimTurnServer;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.wire.Path;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnClientTest {
    private static final int PEER_PORT = 7_000;
    private static final int HOUR_MILLIS = 3_600_000;

    private final SimWorld world = new SimWorld(11);
    private final SimHost host = world.host("client", "192.0.2.1", "2001:db8::1");
    private final SimHost relay = world.host("relay", "203.0.113.5", "2001:db8:5::5");
    private final SimHost other = world.host("peer", "198.51.100.9", "2001:db8:9::9");
    private final SimTurnServer server = SimTurnServer.start(world, relay);
    private final SimNode<Path> peer = other.start(PEER_PORT, new EchoPeer(), _ -> {});
    private final InetSocketAddress peerAddress = other.at(PEER_PORT);
    private final SimTurnClient client = new SimTurnClient(world, host, SimTurnClient.serverAt(relay));

    private void allocate() {
        client.allocating();
        assertThat(world.runUntil(() -> client.client.state() == TurnState.ALLOCATED, 5_000))
                .isTrue();
    }

    private InetSocketAddress relayed() {
        return Objects.requireNonNull(client.client.relayed());
    }

    @Test
    void aServerThatDemandsCredentialsGrantsAnAddress() {
        allocate();
        assertThat(client.node.events())
                .containsExactly(new TurnEvent.Allocated(relayed(), host.at(SimTurnClient.PORT)));
        assertThat(relayed().getAddress()).isEqualTo(relay.at(0).getAddress());
        assertThat(server.count("errors.401")).isEqualTo(1);
        assertThat(world.now()).as("two round trips").isLessThan(5_000_000);
    }

    @Test
    void wrongCredentialsEndItWithoutAnotherTry() {
        SimTurnClient wrong = new SimTurnClient(
                        world, other, new TurnServer(relay.at(SimTurnServer.PORT), SimTurnServer.USERNAME, "guess"))
                .allocating();
        world.runForMillis(60_000);
        assertThat(wrong.ended()).isEqualTo("the relay server refused the user name or the password");
        assertThat(server.count("errors.401")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 437, 440, 441, 442, 486, 500, 508})
    void aRefusalEndsItAndSaysWhy(int code) {
        server.refusesWith = code;
        client.allocating();
        world.runForMillis(60_000);
        assertThat(client.ended()).startsWith("the relay server");
        assertThat(client.node.sent()).isLessThan(10);
    }

    @Test
    void aServerThatIsNotThereIsGivenUp() {
        world.setDown(host, relay, true);
        client.allocating();
        world.runForMillis(60_000);
        assertThat(client.ended()).isEqualTo("the relay server does not answer");
        assertThat(client.node.sent()).as("Rc requests").isEqualTo(7);
    }

    @Test
    void datagramsGoThereAndBackWithoutAChannelAndWithOne() {
        allocate();
        client.send(peerAddress, "one");
        world.runForMillis(100);
        assertThat(client.heard()).containsExactly("one");
        assertThat(server.count("received.sendIndication")).isEqualTo(1);
        assertThat(server.count("relayed.dataIndication")).isEqualTo(1);

        client.bind(peerAddress);
        world.runForMillis(100);
        client.send(peerAddress, "four");
        client.send(peerAddress, "fives");
        world.runForMillis(100);
        assertThat(client.heard()).containsExactly("one", "four", "fives");
        assertThat(server.count("received.sendIndication")).isEqualTo(1);
        assertThat(server.count("relayed.channelData")).isEqualTo(2);
        assertThat(peer.events()).allMatch(path -> path.remote().equals(relayed()));
    }

    @Test
    void whatIsSentBeforeThePermissionWaitsForIt() {
        allocate();
        List<String> texts =
                IntStream.range(0, HeldDatagrams.LIMIT).mapToObj(i -> "m" + i).toList();
        texts.forEach(text -> client.send(peerAddress, text));
        world.runForMillis(100);
        assertThat(client.heard()).isEqualTo(texts);
        assertThat(server.count("dropped.noPermission")).isZero();
        assertThat(server.count("requests." + StunMessage.CREATE_PERMISSION)).isEqualTo(1);
    }

    @Test
    void noMoreIsHeldThanTheLimit() {
        allocate();
        IntStream.range(0, HeldDatagrams.LIMIT + 5).forEach(i -> client.send(peerAddress, "m" + i));
        world.runForMillis(100);
        assertThat(client.heard()).hasSize(HeldDatagrams.LIMIT).startsWith("m5");
    }

    @Test
    void aForbiddenPeerIsNotWrittenTo() {
        server.deniedPeer = peerAddress.getAddress();
        allocate();
        client.send(peerAddress, "one");
        world.runForMillis(100);
        client.send(peerAddress, "two");
        world.runForMillis(100);
        assertThat(client.counter("dropped.notPermitted")).isEqualTo(1);
        assertThat(server.count("received.sendIndication")).isZero();
        assertThat(client.client.state()).isEqualTo(TurnState.ALLOCATED);
    }

    /// Wire case 13: stale nonces on Refresh, CreatePermission and ChannelBind, not only on Allocate.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1_000})
    void aServerThatExpiresItsNoncesStaysUsableForAnHour(int usesPerNonce) {
        server.usesPerNonce = usesPerNonce;
        allocate();
        client.bind(peerAddress);
        talkForAnHour();
        assertThat(client.heard()).hasSize(720);
        assertThat(server.count("requests." + StunMessage.REFRESH)).isGreaterThanOrEqualTo(6);
        assertThat(server.count("requests." + StunMessage.CREATE_PERMISSION)).isGreaterThanOrEqualTo(12);
        assertThat(server.count("requests." + StunMessage.CHANNEL_BIND)).isGreaterThanOrEqualTo(10);
        if (usesPerNonce == 1) {
            assertThat(client.counter("nonces.stale")).isGreaterThan(28);
        }
    }

    private void talkForAnHour() {
        for (int i = 0; i < HOUR_MILLIS / 5_000; i++) {
            client.send(peerAddress, "m" + i);
            world.runForMillis(5_000);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aBadLineAndFreshNoncesForEverythingDoNotEndIt(long seed) {
        SimWorld rough = new SimWorld(seed);
        SimHost near = rough.host("client", "192.0.2.1");
        SimHost far = rough.host("relay", "203.0.113.5");
        SimHost beyond = rough.host("peer", "198.51.100.9");
        SimTurnServer strict = SimTurnServer.start(rough, far);
        strict.usesPerNonce = 1;
        beyond.start(PEER_PORT, new EchoPeer(), _ -> {});
        rough.link(near, far, LinkProfile.rough(rough.random()).withLoss(0.2));
        SimTurnClient shaken = new SimTurnClient(rough, near, SimTurnClient.serverAt(far)).allocating();
        assertThat(rough.runUntil(() -> shaken.client.state() == TurnState.ALLOCATED, 60_000))
                .isTrue();
        shaken.bind(beyond.at(PEER_PORT));
        for (int i = 0; i < HOUR_MILLIS / 5_000; i++) {
            shaken.send(beyond.at(PEER_PORT), "m" + i);
            rough.runForMillis(5_000);
        }
        assertThat(shaken.client.state()).isEqualTo(TurnState.ALLOCATED);
        assertThat(shaken.heard().stream().distinct().count()).isGreaterThan(720 * 5 / 10);
    }

    @Test
    void manyPermissionsAtOnceSurviveANonceForEach() {
        server.usesPerNonce = 1;
        allocate();
        IntStream.rangeClosed(1, 60)
                .forEach(i -> client.node.run(
                        now -> client.client.permit(now, new InetSocketAddress("198.51.100." + i, 1).getAddress())));
        world.runForMillis(2_000);
        assertThat(server.count("requests." + StunMessage.CREATE_PERMISSION)).isEqualTo(60);
    }

    @Test
    void anUnusedPermissionLapsesAndTheNextDatagramAsksAgain() {
        allocate();
        client.send(peerAddress, "one");
        world.runForMillis(700_000);
        assertThat(server.count("requests." + StunMessage.CREATE_PERMISSION)).isEqualTo(1);
        client.send(peerAddress, "two");
        world.runForMillis(100);
        assertThat(client.heard()).containsExactly("one", "two");
    }

    @Test
    void theAllocationIsRefreshedBeforeItsEndHoweverShortItIs() {
        server.lifetimeSeconds = 20;
        allocate();
        world.runForMillis(HOUR_MILLIS / 10.0);
        assertThat(server.allocations()).isEqualTo(1);
        assertThat(client.client.state()).isEqualTo(TurnState.ALLOCATED);
    }

    @Test
    void aSilentAllocationKeepsTheMappingOfTheNatBeforeIt() {
        SimHost inner = world.hostBehind(
                world.nat(
                        "198.51.100.77",
                        new NatBehaviour(
                                NatBehaviour.Dependence.ADDRESS_AND_PORT_DEPENDENT,
                                NatBehaviour.Dependence.ADDRESS_AND_PORT_DEPENDENT,
                                false,
                                30_000_000_000L)),
                "inner",
                "10.0.0.2");
        SimTurnClient behind = new SimTurnClient(world, inner, SimTurnClient.serverAt(relay)).allocating();
        world.runForMillis(400_000);
        assertThat(server.count("keepalives")).isGreaterThan(20);
        behind.send(peerAddress, "one");
        world.runForMillis(100);
        assertThat(behind.heard()).containsExactly("one");
    }

    @Test
    void closingDeletesTheAllocationEvenWithAStaleNonce() {
        server.usesPerNonce = 1;
        allocate();
        client.node.run(client.client::close);
        world.runForMillis(100);
        assertThat(server.allocations()).isZero();
        assertThat(client.client.state()).isEqualTo(TurnState.ENDED);
        long sent = client.node.sent();
        world.runForMillis(60_000);
        assertThat(client.node.sent()).isEqualTo(sent);
    }

    @Test
    void closingEndsInTimeWhenTheServerIsGone() {
        allocate();
        world.setDown(host, relay, true);
        client.node.run(client.client::close);
        world.runForMillis(1_100);
        assertThat(client.client.state()).isEqualTo(TurnState.ENDED);
    }

    @Test
    void aServerThatForgotTheAllocationEndsIt() {
        server.lifetimeSeconds = 100;
        allocate();
        world.setDown(host, relay, true);
        world.afterMillis(101_000, () -> world.setDown(host, relay, false));
        world.runForMillis(200_000);
        assertThat(client.ended()).isNotNull();
        assertThat(client.client.relayed()).isNull();
    }

    @Test
    void anAlternateServerIsAsked() {
        SimHost second = world.host("second", "203.0.113.6");
        SimTurnServer.start(world, second);
        server.alternate = second.at(SimTurnServer.PORT);
        allocate();
        assertThat(Objects.requireNonNull(client.client.relayed()).getAddress())
                .isEqualTo(second.at(1).getAddress());
        client.send(peerAddress, "one");
        world.runForMillis(100);
        assertThat(client.heard()).containsExactly("one");
    }

    @Test
    void serversThatNameEachOtherDoNotKeepAClientRunning() {
        SimHost second = world.host("second", "203.0.113.6");
        SimTurnServer.start(world, second).alternate = relay.at(SimTurnServer.PORT);
        server.alternate = second.at(SimTurnServer.PORT);
        client.allocating();
        world.runForMillis(60_000);
        assertThat(client.ended()).isEqualTo("the relay server only names other servers");
        assertThat(client.node.sent()).isLessThan(10);
    }

    @Test
    void aChainOfAlternatesHasAnEnd() {
        InetSocketAddress next = relay.at(SimTurnServer.PORT);
        for (int i = 10; i < 20; i++) {
            SimHost link = world.host("link" + i, "203.0.113." + i);
            SimTurnServer.start(world, link).alternate = next;
            next = link.at(SimTurnServer.PORT);
        }
        SimTurnClient led = new SimTurnClient(
                        world, other, new TurnServer(next, SimTurnServer.USERNAME, SimTurnServer.PASSWORD))
                .allocating();
        world.runForMillis(60_000);
        assertThat(led.ended()).isNotNull();
        assertThat(led.counter("alternate.followed")).isEqualTo(Alternates.LIMIT);
    }

    @Test
    void anAllocationWhoseAnswerWasLostIsClearedAndMadeAgain() {
        world.setDown(relay, host, true);
        client.allocating();
        world.afterMillis(1_000, () -> world.setDown(relay, host, false));
        assertThat(world.runUntil(() -> client.client.state() == TurnState.ALLOCATED, 10_000))
                .isTrue();
        // the same port again, by a client that knows nothing of the first
        SimTurnClient again = new SimTurnClient(world, host, SimTurnClient.serverAt(relay)).allocating();
        assertThat(world.runUntil(() -> again.client.state() == TurnState.ALLOCATED, 10_000))
                .isTrue();
        assertThat(server.allocations()).isEqualTo(1);
    }

    @Test
    void anIpv6ServerIsAskedForAnIpv6Address() {
        InetSocketAddress six = relay.allAt(SimTurnServer.PORT).get(1);
        SimHost only = world.host("six", "2001:db8:6::6");
        SimTurnClient led = new SimTurnClient(
                        world, only, new TurnServer(six, SimTurnServer.USERNAME, SimTurnServer.PASSWORD))
                .allocating();
        world.runForMillis(100);
        led.send(other.allAt(PEER_PORT).get(1), "six");
        led.send(peerAddress, "four");
        world.runForMillis(100);
        assertThat(led.heard()).containsExactly("six");
        assertThat(led.counter("dropped.notPermitted")).as("the other family").isEqualTo(1);
    }

    @Test
    void dataOfAPeerThatWasNotPermittedIsDropped() {
        allocate();
        client.send(peerAddress, "one");
        world.runForMillis(100);
        byte[] dataIndication = client.fromServer.getLast();
        SimTurnClient stranger = new SimTurnClient(world, other, SimTurnClient.serverAt(relay)).allocating();
        world.runForMillis(100);
        Path path = stranger.client.path();
        stranger.node.run(now -> stranger.client.handleDatagram(now, java.nio.ByteBuffer.wrap(dataIndication), path));
        assertThat(stranger.heard()).isEmpty();
        assertThat(stranger.counter("dropped.notPermitted")).isEqualTo(1);
    }

    @Test
    void refusalsAreWordsForEveryCode() {
        for (int code = 300; code < 700; code++) {
            assertThat(TurnRefusal.inWords(code)).startsWith("the relay server");
        }
        assertThat(TurnRefusal.inWords(ErrorCode.FORBIDDEN)).doesNotContain("403");
    }
}
