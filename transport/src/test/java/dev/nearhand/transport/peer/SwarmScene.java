package dev.nearhand.transport.peer;

import dev.nearhand.transport.datachannel.DataChannelConfig;
import dev.nearhand.transport.datachannel.DataChannelEvent;
import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.NatBehaviour;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimNat;
import dev.nearhand.transport.sim.SimTurnServer;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.turn.ServerUri;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One drawn network, two peers in it, and what they do: everything follows from the seed.
final class SwarmScene {
    static final int MESSAGES = 12;
    private static final double SIGNALING_MILLIS = 60;
    private static final int EVENTS_PER_CENSUS = 200;

    /// What stands before a peer.
    enum Gate {
        OPEN(null),
        CONE(NatBehaviour.fullCone()),
        ADDRESS_RESTRICTED(NatBehaviour.addressRestrictedCone()),
        PORT_RESTRICTED(NatBehaviour.portRestrictedCone()),
        SYMMETRIC(NatBehaviour.symmetric());

        final @Nullable NatBehaviour behaviour;

        Gate(@Nullable NatBehaviour behaviour) {
            this.behaviour = behaviour;
        }
    }

    enum Servers {
        NONE,
        STUN,
        STUN_AND_TURN
    }

    enum Offers {
        HOST,
        VIEWER,
        BOTH
    }

    /// The two ends and how they say things to each other.
    final class End {
        final SimPeer peer;
        /// The indices of what came, by the label of its channel.
        final Map<String, List<Integer>> heard = new LinkedHashMap<>();
        private final Map<Integer, String> labels = new HashMap<>();
        private int brought;

        End(SimPeer peer) {
            this.peer = peer;
            peer.listener = this::onEvent;
            for (String label : List.of("ordered", "unordered", "lossy")) {
                peer.node.run(now -> peer.core.openChannel(now, config(label)));
            }
        }

        private void onEvent(PeerEvent event) {
            if (event instanceof PeerEvent.Channel(DataChannelEvent.Opened opened)) {
                labels.put(opened.channel(), opened.config().label());
                if (!opened.remote()) {
                    say(opened.channel(), 0, MESSAGES / 2);
                    double later = 500 + 4_000 * dice.nextDouble();
                    world.afterMillis(later, () -> say(opened.channel(), MESSAGES / 2, MESSAGES));
                }
            } else if (event instanceof PeerEvent.Channel(DataChannelEvent.Message message)) {
                String text = StandardCharsets.UTF_8.decode(message.data()).toString();
                int index = Integer.parseInt(text, 0, text.indexOf(':'), 10);
                assert text.equals(SimPeer.message(index)) : text;
                heard.computeIfAbsent(labels.get(message.channel()), _ -> new ArrayList<>())
                        .add(index);
            }
        }

        private void say(int channel, int from, int to) {
            peer.node.run(now -> {
                for (int i = from; i < to; i++) {
                    peer.core.channels().sendText(now, channel, SimPeer.message(i));
                }
            });
        }

        /// Brings its candidates to the other side as they are found.
        void trickleTo(End other) {
            while (brought < peer.candidates.size()) {
                String candidate = peer.candidates.get(brought++);
                world.afterMillis(
                        SIGNALING_MILLIS,
                        () -> other.peer.node.run(now -> {
                            if (!other.peer.isOver()) {
                                other.peer.core.addRemoteCandidate(now, candidate);
                            }
                        }));
            }
            world.afterMillis(20, () -> trickleTo(other));
        }

        boolean hasAll() {
            return heard.getOrDefault("ordered", List.of()).size() >= MESSAGES
                    && heard.getOrDefault("unordered", List.of()).size() >= MESSAGES;
        }
    }

    final RandomGenerator dice;
    final SimWorld world;
    final Gate one;
    final Gate other;
    final Servers servers;
    final Offers offers;
    final boolean rebinds;
    final boolean films;
    final End host;
    final End viewer;
    final QueueCensus census = new QueueCensus();
    private final List<SimNat> nats = new ArrayList<>();
    private int events;

    SwarmScene(long seed) {
        dice = new SplittableRandom(seed);
        world = new SimWorld(seed);
        one = draw(Gate.values());
        other = draw(Gate.values());
        servers = draw(Servers.values());
        offers = draw(Offers.values());
        rebinds = dice.nextInt(3) == 0;
        films = dice.nextInt(4) == 0;
        SimHost server = world.host("server", "203.0.113.5");
        SimTurnServer.start(world, server).usesPerNonce = 1 + dice.nextInt(8);
        SimHost inner = place(one, "198.51.100.1", "host", "10.0.0.2");
        SimHost outer = place(other, "198.51.100.2", "viewer", "192.168.1.7");
        network(server, inner, outer);
        host = new End(peer(inner));
        viewer = new End(peer(outer));
        if (films) {
            host.peer.films(PeerCoreSimTest.FILM);
        }
        world.invariant("no queue passes its limit", this::countQueues);
    }

    private boolean countQueues() {
        if (events++ % EVENTS_PER_CENSUS == 0) {
            census.take(host.peer.core);
            census.take(viewer.peer.core);
        }
        return true;
    }

    private <T> T draw(T[] values) {
        return values[dice.nextInt(values.length)];
    }

    private SimHost place(Gate gate, String outerAddress, String name, String innerAddress) {
        if (gate.behaviour == null) {
            return world.host(name, outerAddress);
        }
        SimNat nat = world.nat(outerAddress, gate.behaviour);
        nats.add(nat);
        return world.hostBehind(nat, name, innerAddress);
    }

    /// Each direction has its own weather: to 30 % of loss between the peers, half of it on the ways to the server,
    /// which a relayed datagram travels one after the other.
    private void network(SimHost server, SimHost inner, SimHost outer) {
        world.oneWay(inner, outer, weather(0.3));
        world.oneWay(outer, inner, weather(0.3));
        for (SimHost end : List.of(inner, outer)) {
            world.oneWay(end, server, weather(0.15));
            world.oneWay(server, end, weather(0.15));
        }
    }

    private LinkProfile weather(double mostLoss) {
        double loss = mostLoss * dice.nextDouble();
        // in bursts of about three, or each for itself
        boolean bursts = dice.nextBoolean();
        double toBad = loss / (1 - loss) * 0.3;
        LinkProfile profile = LinkProfile.perfect()
                .withDelayMillis(1 + dice.nextDouble() * 149)
                .withJitterMillis(dice.nextDouble() * 40)
                .withDuplicate(dice.nextDouble() * 0.15)
                .withReorder(dice.nextDouble() * 0.25)
                .withMtu(1_250 + dice.nextInt(250));
        profile = bursts ? profile.withBursts(0, 1, toBad, 0.3) : profile.withLoss(loss);
        return dice.nextInt(3) == 0 ? profile.withRate(500_000 + dice.nextInt(20_000_000), 64 * 1024) : profile;
    }

    private SimPeer peer(SimHost at) {
        String address = "203.0.113.5:" + SimTurnServer.PORT;
        List<IceServer> known = new ArrayList<>();
        if (servers != Servers.NONE) {
            known.add(new IceServer(ServerUri.parse("stun:" + address), "", ""));
        }
        if (servers == Servers.STUN_AND_TURN) {
            known.add(new IceServer(
                    ServerUri.parse("turn:" + address + "?transport=udp"),
                    SimTurnServer.USERNAME,
                    SimTurnServer.PASSWORD));
        }
        return new SimPeer(world, at, core -> core, known, false);
    }

    private static DataChannelConfig config(String label) {
        DataChannelConfig reliable = DataChannelConfig.reliable(label);
        return switch (label) {
            case "ordered" -> reliable;
            case "lossy" -> DataChannelConfig.lossy(label);
            default ->
                new DataChannelConfig(
                        label, "", false, reliable.reliability(), reliable.priority(), reliable.negotiatedId());
        };
    }

    /// Whether any peers whatever could come together here.
    boolean isPossible() {
        if (servers == Servers.STUN_AND_TURN || one == Gate.OPEN || other == Gate.OPEN) {
            return true; // whoever is reachable learns the other's address from its checks
        }
        // a symmetric NAT sends from a port that nobody was told of
        return servers == Servers.STUN
                && (one != Gate.SYMMETRIC || other == Gate.CONE || other == Gate.ADDRESS_RESTRICTED)
                && (other != Gate.SYMMETRIC || one == Gate.CONE || one == Gate.ADDRESS_RESTRICTED);
    }

    void begin() {
        switch (offers) {
            case HOST -> SimPeer.negotiate(host.peer, viewer.peer, SIGNALING_MILLIS);
            case VIEWER -> SimPeer.negotiate(viewer.peer, host.peer, SIGNALING_MILLIS);
            case BOTH -> {
                // the host ignores the offer that meets its own; the viewer takes its own back and answers
                viewer.peer.node.run(now -> {
                    String offer = viewer.peer.core.createOffer();
                    viewer.peer.core.setLocalDescription(now, SdpKind.OFFER, offer);
                });
                SimPeer.negotiate(host.peer, viewer.peer, SIGNALING_MILLIS);
            }
        }
        host.trickleTo(viewer);
        viewer.trickleTo(host);
    }

    /// Every NAT on the way forgets what it knew, and the program that misses its path asks for another one.
    void rebind() {
        nats.forEach(SimNat::rebind);
        world.afterMillis(8_000, this::restartWhenLost);
    }

    private void restartWhenLost() {
        if (!isOver()) {
            if (!isConnected()) {
                host.peer.node.run(_ -> host.peer.core.restartIce());
                SimPeer.negotiate(host.peer, viewer.peer, SIGNALING_MILLIS);
            }
            world.afterMillis(10_000, this::restartWhenLost);
        }
    }

    private boolean isOver() {
        return host.peer.isOver() || viewer.peer.isOver();
    }

    boolean isConnected() {
        return host.peer.isConnected() && viewer.peer.isConnected();
    }

    static List<Integer> everything() {
        return IntStream.range(0, MESSAGES).boxed().toList();
    }

    @Override
    public String toString() {
        return one + " x " + other + ", " + servers + ", offers " + offers + (rebinds ? ", rebinds" : "")
                + (films ? ", films" : "");
    }
}
