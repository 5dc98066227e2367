package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimNode;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Two cores on two hosts of a simulated world, with one line between them.
///
/// @param <E> the events of the cores
public final class VirtualPair<E> {
    public static final long MILLI = 1_000_000L;
    public static final long SECOND = 1_000 * MILLI;

    /// One of the two ends.
    public final class End {
        private final SimNode<E> node;
        public final List<E> events;
        /// Sizes of what was sent.
        public final List<Integer> sentBytes = new ArrayList<>();

        public Consumer<E> onEvent = _ -> {};

        /// Which of the packets that arrive here are lost on their last metre, counted from 0.
        public IntPredicate losesArrival = _ -> false;

        private int arrivals;

        private End(SimHost host, int port, ProtocolCore<E> core) {
            node = host.start(port, new Recorded(core, this), event -> onEvent.accept(event));
            events = node.events();
        }

        /// Does something to the core, then drains it.
        public void run(Runnable change) {
            node.run(_ -> change.run());
        }

        public <T extends E> List<T> events(Class<T> kind) {
            return events.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }

    /// Notes what a core sends, and loses what it is told to.
    private final class Recorded implements ProtocolCore<E> {
        private final ProtocolCore<E> core;
        private final End end;

        private Recorded(ProtocolCore<E> core, End end) {
            this.core = core;
            this.end = end;
        }

        @Override
        public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
            if (!end.losesArrival.test(end.arrivals++)) {
                core.handleDatagram(nowNanos, borrowed, path);
            }
        }

        @Override
        public void handleTimeout(long nowNanos) {
            core.handleTimeout(nowNanos);
        }

        @Override
        public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
            Transmit transmit = core.pollTransmit(nowNanos, into);
            if (transmit != null) {
                end.sentBytes.add(transmit.lengthBytes());
            }
            return transmit;
        }

        @Override
        public @Nullable E pollEvent() {
            return core.pollEvent();
        }

        @Override
        public long nextTimeoutNanos() {
            return core.nextTimeoutNanos();
        }
    }

    public final End left;
    public final End right;
    private final SimWorld world;
    private final SimHost leftHost;
    private final SimHost rightHost;

    /// The cores send on [#path] (1, 2) and (2, 1).
    public VirtualPair(long seed, LinkProfile line, ProtocolCore<E> left, ProtocolCore<E> right) {
        world = new SimWorld(seed);
        leftHost = world.host("left", "10.0.0.1");
        rightHost = world.host("right", "10.0.0.2");
        world.link(leftHost, rightHost, line);
        this.left = new End(leftHost, 1, left);
        this.right = new End(rightHost, 2, right);
    }

    public static Path path(int from, int to) {
        return new Path(new InetSocketAddress("10.0.0." + from, from), new InetSocketAddress("10.0.0." + to, to));
    }

    public long now() {
        return world.now();
    }

    public long packets() {
        return left.node.sent() + right.node.sent();
    }

    public long trace() {
        return world.traceHash();
    }

    public void line(LinkProfile other) {
        world.link(leftHost, rightHost, other);
    }

    public void runFor(long nanos) {
        world.runForMillis(nanos / (double) MILLI);
    }

    /// Runs until the condition holds; answers whether it did within the time.
    public boolean runUntil(BooleanSupplier condition, long maxNanos) {
        return world.runUntil(condition, maxNanos / (double) MILLI);
    }
}
