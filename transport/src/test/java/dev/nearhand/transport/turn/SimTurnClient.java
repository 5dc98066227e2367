package dev.nearhand.transport.turn;

import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimNode;
import dev.nearhand.transport.sim.SimTurnServer;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client at work on a simulated host, with an owner on top that wraps what it wants to send.
final class SimTurnClient implements ProtocolCore<TurnEvent> {
    static final int PORT = 5_000;

    private record Wanted(InetSocketAddress peer, byte[] data) {}

    final TurnClient client;
    final SimNode<TurnEvent> node;
    final List<byte[]> fromServer = new ArrayList<>();
    private final Deque<Wanted> wanted = new ArrayDeque<>();
    /// Sees and may change what comes from the server.
    Consumer<byte[]> tap = _ -> {};

    SimTurnClient(SimWorld world, SimHost host, TurnServer server) {
        client = new TurnClient(host.at(PORT), server, false, world.random(), TurnConfig.defaults());
        node = host.start(PORT, this, _ -> {});
    }

    static TurnServer serverAt(SimHost host) {
        return new TurnServer(host.at(SimTurnServer.PORT), SimTurnServer.USERNAME, SimTurnServer.PASSWORD);
    }

    SimTurnClient allocating() {
        node.run(client::allocate);
        return this;
    }

    void send(InetSocketAddress peer, String text) {
        node.run(_ -> wanted.add(new Wanted(peer, text.getBytes(StandardCharsets.UTF_8))));
    }

    void bind(InetSocketAddress peer) {
        node.run(now -> client.bindChannel(now, peer));
    }

    List<String> heard() {
        return node.events().stream()
                .filter(TurnEvent.Received.class::isInstance)
                .map(event -> StandardCharsets.UTF_8
                        .decode(((TurnEvent.Received) event).data().duplicate())
                        .toString())
                .toList();
    }

    @Nullable
    String ended() {
        return node.events().stream()
                .filter(TurnEvent.Ended.class::isInstance)
                .map(event -> ((TurnEvent.Ended) event).reason())
                .findFirst()
                .orElse(null);
    }

    long counter(String name) {
        return client.counters().getOrDefault(name, 0L);
    }

    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
        byte[] copy = new byte[borrowed.remaining()];
        borrowed.duplicate().get(copy);
        fromServer.add(copy.clone());
        tap.accept(copy);
        client.handleDatagram(nowNanos, ByteBuffer.wrap(copy), path);
    }

    @Override
    public void handleTimeout(long nowNanos) {
        client.handleTimeout(nowNanos);
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        Transmit own = client.pollTransmit(nowNanos, into);
        if (own != null) {
            return own;
        }
        int start = into.position();
        for (Wanted next = wanted.poll(); next != null; next = wanted.poll()) {
            into.put(next.data);
            int length = client.wrap(nowNanos, next.peer, into, start);
            if (length > 0) {
                return new Transmit(client.path(), length);
            }
        }
        return client.pollTransmit(nowNanos, into);
    }

    @Override
    public @Nullable TurnEvent pollEvent() {
        return client.pollEvent();
    }

    @Override
    public long nextTimeoutNanos() {
        return client.nextTimeoutNanos();
    }
}
