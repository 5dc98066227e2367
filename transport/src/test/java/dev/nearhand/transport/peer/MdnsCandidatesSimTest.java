package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.NatBehaviour;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimTurnServer;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.turn.ServerUri;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A host that tells names instead of its addresses, and a viewer that looks them up.
class MdnsCandidatesSimTest {
    private static final int MESSAGES = 20;
    private static final Pattern HOST_LINE = Pattern.compile(
            "a=candidate:\\d{1,2} 1 udp \\d+ [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\\.local"
                    + " \\d+ typ host");

    private static PeerCoreConfig config(List<IceServer> servers, boolean named) {
        return new PeerCoreConfig(1 << 20, 4 << 20, servers, false, BundlePolicy.MAX_COMPAT, named, null);
    }

    private static List<String> candidates(SimPeer peer) {
        return peer.core
                .createOffer()
                .lines()
                .filter(line -> line.startsWith("a=candidate:"))
                .toList();
    }

    /// The local link between them: what one has published the other finds.
    private static void link(SimPeer publisher, SimPeer asker) {
        asker.listener = event -> {
            if (event instanceof PeerEvent.ResolveHost(String hostName)) {
                InetAddress address = publisher.published.get(hostName);
                if (address != null) {
                    asker.world.afterMillis(
                            20, () -> asker.node.run(now -> asker.core.addResolved(now, hostName, address)));
                }
            }
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void connectsThoughNoAddressIsTold(long seed) {
        SimWorld world = new SimWorld(seed);
        world.links(LinkProfile.perfect().withDelayMillis(5).withLoss(seed % 2 * 0.05));
        SimHost one = world.host("host", "192.0.2.1", "2001:db8::1");
        SimHost two = world.host("viewer", "192.0.2.2", "2001:db8::2");
        SimPeer host = new SimPeer(world, one, config(List.of(), true)).echoing();
        SimPeer viewer = new SimPeer(world, two, config(List.of(), seed > 4)).says(MESSAGES);
        link(host, viewer);
        link(viewer, host);

        assertThat(host.core.createOffer()).doesNotContain("192.0.2.1", "2001:db8");
        assertThat(candidates(host)).hasSize(2).allMatch(HOST_LINE.asMatchPredicate());
        assertThat(host.published.values()).containsExactlyInAnyOrderElementsOf(one.addresses());
        if (seed % 2 == 0) {
            SimPeer.negotiate(host, viewer, 30);
        } else {
            SimPeer.negotiate(viewer, host, 30);
        }
        assertThat(world.runUntil(() -> viewer.heard.size() == MESSAGES, 20_000))
                .isTrue();
        assertThat(host.core.createOffer()).as("nor later").doesNotContain("192.0.2", "2001:db8");
        assertThat(viewer.core.stats().counters()).containsKey("ice.hostNamesResolved");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatServersSeeIsToldWithNothingOfWhatIsBehindIt(boolean behindNat) {
        SimWorld world = new SimWorld(1);
        world.links(LinkProfile.perfect().withDelayMillis(5));
        SimTurnServer.start(world, world.host("server", "203.0.113.5"));
        SimHost machine = behindNat
                ? world.hostBehind(world.nat("198.51.100.1", NatBehaviour.portRestrictedCone()), "host", "192.168.7.7")
                : world.host("host", "192.0.2.1");
        String address = "203.0.113.5:" + SimTurnServer.PORT;
        List<IceServer> servers = List.of(
                new IceServer(ServerUri.parse("stun:" + address), "", ""),
                new IceServer(
                        ServerUri.parse("turn:" + address + "?transport=udp"),
                        SimTurnServer.USERNAME,
                        SimTurnServer.PASSWORD));
        SimPeer host = new SimPeer(world, machine, config(servers, true));
        assertThat(world.runUntil(host.core::isGathered, 3_100)).isTrue();

        List<String> told = candidates(host);
        assertThat(told)
                .filteredOn(line -> line.contains("typ host"))
                .singleElement()
                .satisfies(line -> assertThat(HOST_LINE.matcher(line).matches()).isTrue());
        // a public address is that of the host, and "MUST NOT be considered redundant"
        String seen = behindNat ? "198.51.100.1" : "192.0.2.1";
        assertThat(told)
                .filteredOn(line -> line.contains("typ srflx"))
                .singleElement()
                .satisfies(line -> assertThat(line).contains(" " + seen + " ").endsWith(" raddr 0.0.0.0 rport 9"));
        assertThat(told)
                .filteredOn(line -> line.contains("typ relay"))
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith(" raddr 0.0.0.0 rport 9"));
        assertThat(String.join("\n", told)).doesNotContain("192.168.7.7");
        Set<String> foundations = new HashSet<>();
        told.forEach(line -> foundations.add(line.split(" ")[0]));
        assertThat(foundations)
                .as("numbers from 1, not checksums of addresses")
                .hasSize(3)
                .allMatch(text -> text.matches("a=candidate:[1-3]"));
    }

    /// A server that is asked to let an address in learns it.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noServerLearnsAnAddressThatIsKeptBehindAName(boolean named) {
        SimWorld world = new SimWorld(1);
        world.links(LinkProfile.perfect().withDelayMillis(5));
        SimTurnServer.start(world, world.host("server", "203.0.113.5"));
        List<IceServer> servers = List.of(new IceServer(
                ServerUri.parse("turn:203.0.113.5:" + SimTurnServer.PORT + "?transport=udp"),
                SimTurnServer.USERNAME,
                SimTurnServer.PASSWORD));
        SimHost one = world.host("host", "192.0.2.1");
        SimHost two = world.host("viewer", "192.0.2.2");
        SimPeer host = new SimPeer(world, one, config(List.of(), named)).echoing();
        SimPeer viewer = new SimPeer(world, two, config(servers, false)).says(MESSAGES);
        link(host, viewer);
        world.setDown(one, two, true);
        world.setDown(two, one, true);
        assertThat(world.runUntil(viewer.core::isGathered, 3_100)).isTrue();
        SimPeer.negotiate(host, viewer, 30);
        boolean connects = world.runUntil(() -> viewer.heard.size() == MESSAGES, 19_000);
        assertThat(connects).as("over the relay").isEqualTo(!named);
        assertThat(viewer.core.stats().counters().containsKey("turn.dropped.named"))
                .isEqualTo(named);
    }

    @Test
    void aNameIsWithdrawnWithItsAddressAndAnotherOneComesWithTheNext() {
        SimWorld world = new SimWorld(1);
        SimHost machine = world.host("host", "192.0.2.1");
        SimPeer host = new SimPeer(world, machine, config(List.of(), true));
        Set<String> before = Set.copyOf(host.published.keySet());
        assertThat(before).hasSize(1);
        host.roams(null, 10, InetAddress.ofLiteral("192.0.2.55"));
        world.runForMillis(100);
        assertThat(host.published).hasSize(1).doesNotContainKeys(before.toArray(String[]::new));
        assertThat(host.published.values()).containsExactly(InetAddress.ofLiteral("192.0.2.55"));
        assertThat(candidates(host))
                .singleElement()
                .asString()
                .doesNotContain(before.iterator().next());
    }

    @Test
    void eachConnectionHasNamesOfItsOwn() {
        SimWorld world = new SimWorld(1);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            SimHost machine = world.host("host" + i, "192.0.2." + (10 + i), "2001:db8::" + (10 + i));
            names.addAll(new SimPeer(world, machine, config(List.of(), true)).published.keySet());
        }
        assertThat(names).hasSize(20);
    }

    @Test
    void addressesAreToldWhereNothingElseIsWanted() {
        SimWorld world = new SimWorld(1);
        SimPeer host = new SimPeer(world, world.host("host", "192.0.2.1"), config(List.of(), false));
        assertThat(candidates(host)).singleElement().asString().contains(" 192.0.2.1 ");
        assertThat(host.published).isEmpty();
    }
}
