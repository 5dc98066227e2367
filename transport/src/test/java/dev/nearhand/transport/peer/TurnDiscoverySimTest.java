package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.dns.DnsQuestion;
import dev.nearhand.transport.dns.DnsQuestion.Type;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.sim.NatBehaviour;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimTurnServer;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.turn.ServerCandidate;
import dev.nearhand.transport.turn.ServerUri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Servers that nobody has named, and servers behind names, in virtual time; the test is the network's resolver.
class TurnDiscoverySimTest {
    private static final String SERVER = "203.0.113.5";
    private static final ServerLogin LOGIN = new ServerLogin(SimTurnServer.USERNAME, SimTurnServer.PASSWORD);
    private static final int A_WHILE = 60_000;

    private final SimWorld world = new SimWorld(1);
    private final SimTurnServer server = SimTurnServer.start(world, world.host("server", SERVER));

    private SimPeer peer(@Nullable ServerLogin login, IceServer... named) {
        SimHost machine =
                world.hostBehind(world.nat("198.51.100.1", NatBehaviour.portRestrictedCone()), "host", "10.0.0.2");
        return new SimPeer(
                world,
                machine,
                new PeerCoreConfig(1 << 20, 4 << 20, List.of(named), false, BundlePolicy.MAX_COMPAT, false, login));
    }

    private static ServerCandidate at(String address) {
        return new ServerCandidate(
                new InetSocketAddress(InetAddress.ofLiteral(address), SimTurnServer.PORT), ServerUri.Transport.UDP);
    }

    private boolean findsRelay(SimPeer peer) {
        return world.runUntil(() -> peer.core.createOffer().contains("typ relay"), A_WHILE);
    }

    @Test
    void aServerThatAnnouncesItselfRelaysAndIsBelievedNothingElse() {
        SimPeer peer = peer(LOGIN);
        assertThat(peer.node.events()).contains(new PeerEvent.DiscoverServers());
        assertThat(peer.core.isGathered()).isFalse();
        peer.node.run(now -> peer.core.serverAnnounced(now, at(SERVER)));
        peer.node.run(now -> peer.core.serverAnnounced(now, at(SERVER)));
        peer.node.run(peer.core::discoveryEnded);
        assertThat(world.runUntil(peer.core::isGathered, 1_000)).isTrue();
        assertThat(peer.core.createOffer()).contains("typ relay").doesNotContain("typ srflx");
    }

    @Test
    void withoutAServerTheEndOfTheSearchIsTheEndOfTheWait() {
        SimPeer peer = peer(LOGIN);
        assertThat(world.runUntil(peer.core::isGathered, 1_000)).isFalse();
        peer.node.run(peer.core::discoveryEnded);
        assertThat(peer.core.isGathered())
                .as("nobody waits for the anycast addresses")
                .isTrue();
    }

    @Test
    void whoIsNotAskedToLooksForNobody() {
        SimTurnServer.start(world, world.host("anycast", "192.0.0.10"));
        SimPeer peer = peer(null);
        assertThat(peer.core.isGathered()).isTrue();
        assertThat(peer.node.events()).doesNotContain(new PeerEvent.DiscoverServers());
        assertThat(findsRelay(peer)).isFalse();
    }

    @Test
    void theAnycastAddressLeadsToAServer() {
        SimTurnServer anycast = SimTurnServer.start(world, world.host("anycast", "192.0.0.10"));
        anycast.alternate = new InetSocketAddress(SERVER, SimTurnServer.PORT);
        SimPeer peer = peer(LOGIN);
        assertThat(findsRelay(peer)).isTrue();
        assertThat(peer.core.createOffer()).contains(SERVER).doesNotContain("typ srflx");
    }

    @Test
    void whoHasNoNameSendsNoneToAServerThatDemandsOne() {
        SimPeer peer = peer(new ServerLogin("", ""));
        peer.node.run(now -> peer.core.serverAnnounced(now, at(SERVER)));
        peer.node.run(peer.core::discoveryEnded);
        assertThat(world.runUntil(peer.core::isGathered, 1_000)).isTrue();
        assertThat(peer.core.createOffer()).doesNotContain("typ relay");
    }

    @Test
    void theServersOfTheDomainAreFoundByItsRecords() {
        SimPeer peer = peer(LOGIN);
        peer.node.run(now -> peer.core.domainKnown(now, "example.org"));
        DnsQuestion asked = new DnsQuestion("_turn._udp.example.org", Type.SERVICE);
        assertThat(peer.node.events())
                .contains(
                        new PeerEvent.ResolveService(asked),
                        new PeerEvent.ResolveService(new DnsQuestion("example.org", Type.NAPTR)))
                .as("nobody has said that the domain is a server itself")
                .doesNotContain(new PeerEvent.ResolveServer("example.org"));
        peer.node.run(now -> peer.core.serviceResolved(
                now, asked, List.of(new DnsRecord.Service(asked.name(), 0, 0, 3_478, "relay.example.org"))));
        world.runUntil(() -> false, 2_000); // nothing comes about the other services
        assertThat(peer.node.events()).contains(new PeerEvent.ResolveServer("relay.example.org"));
        peer.node.run(
                now -> peer.core.serverResolved(now, "relay.example.org", List.of(InetAddress.ofLiteral(SERVER))));
        assertThat(findsRelay(peer)).isTrue();
    }

    @Test
    void namesThatAreNoDomainAreNotAskedFor() {
        SimPeer peer = peer(LOGIN);
        for (String name : List.of("", "local", "localdomain", "a b", "x".repeat(300))) {
            peer.node.run(now -> peer.core.domainKnown(now, name));
        }
        assertThat(peer.node.events()).noneMatch(PeerEvent.ResolveService.class::isInstance);
    }

    @Test
    void whenTheFirstServerOfANameDoesNotAnswerTheNextIsAsked() {
        SimPeer peer = peer(
                null,
                new IceServer(
                        ServerUri.parse("turn:example.org?transport=udp"),
                        SimTurnServer.USERNAME,
                        SimTurnServer.PASSWORD));
        DnsQuestion asked = new DnsQuestion("_turn._udp.example.org", Type.SERVICE);
        assertThat(peer.node.events())
                .contains(new PeerEvent.ResolveService(asked), new PeerEvent.ResolveServer("example.org"));
        peer.node.run(now -> peer.core.serviceResolved(
                now,
                asked,
                List.of(
                        new DnsRecord.Service(asked.name(), 2, 0, 3_478, "second.example.org"),
                        new DnsRecord.Service(asked.name(), 1, 0, 3_478, "first.example.org"))));
        peer.node.run(now ->
                peer.core.serverResolved(now, "first.example.org", List.of(InetAddress.ofLiteral("203.0.113.77"))));
        peer.node.run(
                now -> peer.core.serverResolved(now, "second.example.org", List.of(InetAddress.ofLiteral(SERVER))));
        assertThat(world.runUntil(peer.core::isGathered, 3_100)).isTrue();
        assertThat(peer.core.createOffer()).doesNotContain("typ relay");
        assertThat(findsRelay(peer)).isTrue();
    }

    @Test
    void aConnectionGoesToTheHostOfTheRecordAndExpectsTheCertificateOfTheName() {
        SimPeer peer = peer(
                null,
                new IceServer(ServerUri.parse("turns:example.org"), SimTurnServer.USERNAME, SimTurnServer.PASSWORD));
        DnsQuestion asked = new DnsQuestion("_turns._tcp.example.org", Type.SERVICE);
        peer.node.run(now -> peer.core.serviceResolved(
                now, asked, List.of(new DnsRecord.Service(asked.name(), 0, 0, 443, "relay.example.org"))));
        peer.node.run(
                now -> peer.core.serverResolved(now, "relay.example.org", List.of(InetAddress.ofLiteral(SERVER))));
        assertThat(peer.node.events())
                .contains(new PeerEvent.OpenStream(0, new InetSocketAddress(SERVER, 443), true, "example.org", false));
    }

    @Test
    void aLinkFullOfServersIsNotAskedWithoutEnd() {
        SimPeer peer = peer(LOGIN);
        for (int i = 1; i < 100; i++) {
            String address = "203.0.113." + (100 + i);
            peer.node.run(now -> peer.core.serverAnnounced(now, at(address)));
        }
        world.runUntil(() -> false, 200);
        long sent = peer.core.stats().counters().getOrDefault("turn.requests.sent", 0L);
        assertThat(sent).isBetween(1L, (long) Discovery.SERVERS_LIMIT);
    }
}
