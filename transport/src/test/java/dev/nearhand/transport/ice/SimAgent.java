package dev.nearhand.transport.ice;

import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimNode;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.wire.Path;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// An agent at work on a simulated host, with all its host's addresses as candidates.
final class SimAgent {
    static final int PORT = 5_000;

    final IceAgent agent;
    final IceCredentials credentials;
    final SimNode<IceEvent> node;
    final List<Candidate> candidates = new ArrayList<>();
    private final SimWorld world;

    SimAgent(SimWorld world, SimHost host, IceRole role) {
        this(world, host, role, IceConfig.defaults());
    }

    SimAgent(SimWorld world, SimHost host, IceRole role, IceConfig config) {
        this.world = world;
        RandomGenerator random = world.random();
        credentials = IceCredentials.generate(random);
        agent = new IceAgent(role, credentials, random, config);
        node = host.start(PORT, agent, _ -> {});
        int preference = 65_535;
        for (InetSocketAddress address : host.allAt(PORT)) {
            Candidate candidate = Candidate.host(address, preference--);
            candidates.add(candidate);
            node.run(now -> agent.addLocalCandidate(now, candidate));
        }
        // a whole lifetime of violated rules shows up at the event that breaks them
        world.invariant(host.name() + " has a path exactly when its state says so", () -> switch (agent.state()) {
            case NEW, CHECKING, FAILED, CLOSED -> agent.selectedPath() == null;
            case CONNECTED, COMPLETED -> agent.selectedPath() != null;
            case DISCONNECTED -> true; // until consent expires
        });
        world.invariant(
                host.name() + " keeps to its limits",
                () -> agent.stats().pairs() <= CheckList.PAIRS_LIMIT
                        && agent.stats().remoteCandidates() <= RemoteCandidates.LIMIT);
    }

    /// Everything the other side has to tell, at once.
    void learnsOf(SimAgent other) {
        node.run(now -> {
            agent.setRemoteCredentials(now, other.credentials);
            other.candidates.forEach(candidate -> agent.addRemoteCandidate(now, candidate));
            agent.endOfRemoteCandidates(now);
        });
    }

    void learnsOfAfterMillis(SimAgent other, double millis) {
        world.afterMillis(millis, () -> learnsOf(other));
    }

    boolean isCompleted() {
        return agent.state() == IceState.COMPLETED;
    }

    long counter(String name) {
        return agent.stats().counter(name);
    }

    /// The selected path as the other side must see it.
    Path mirroredPath() {
        Path path = agent.selectedPath();
        if (path == null) {
            throw new AssertionError("no path in state " + agent.state());
        }
        return new Path(path.remote(), path.local());
    }

    List<IceState> states() {
        return node.events().stream()
                .filter(IceEvent.StateChanged.class::isInstance)
                .map(event -> ((IceEvent.StateChanged) event).to())
                .toList();
    }
}
