package dev.nearhand.transport.sctp;

import dev.nearhand.transport.driver.CoreDriver;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/// Two cores that talk over a bad line in virtual time, driven by the driver that drives them on the wire. All chance
/// comes from one seed; [#trace] sums up everything that was sent, so that two runs can be compared.
///
/// @param <E> the events of the cores
public final class VirtualPair<E> {
    public static final long MILLI = 1_000_000L;
    public static final long SECOND = 1_000 * MILLI;

    /// What the line does to a datagram, in each direction.
    ///
    /// @param loss probability that it is lost
    /// @param duplication probability that it arrives twice
    /// @param reordering probability that it is held up by up to three times the delay
    public record Line(long delayNanos, long jitterNanos, double loss, double duplication, double reordering) {
        public static final Line PERFECT = new Line(MILLI, 0, 0, 0, 0);
    }

    private record Due(long atNanos, long order, Runnable action) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return atNanos != other.atNanos ? Long.compare(atNanos, other.atNanos) : Long.compare(order, other.order);
        }
    }

    /// One of the two ends.
    public final class End implements CoreDriver.Port<E> {
        private final Path path;
        private final ProtocolCore<E> core;
        private final CoreDriver<E> driver;
        private long wakeAtNanos = TimerTable.NEVER;
        public final List<E> events = new ArrayList<>();
        public final List<byte[]> sent = new ArrayList<>();
        public Consumer<E> onEvent = _ -> {};
        public boolean keepsSent;
        /// Answers true for a datagram that shall not arrive.
        public Predicate<ByteBuffer> filter = _ -> false;

        private End(ProtocolCore<E> core, Path path) {
            this.core = core;
            this.path = path;
            this.driver = new CoreDriver<>(core, this);
        }

        /// Does something to the core, then drains it.
        public void run(Runnable change) {
            driver.run(nowNanos, change);
        }

        @Override
        public void send(ByteBuffer borrowed, Path ignored) {
            packets++;
            trace.update(borrowed.duplicate());
            trace.update((int) nowNanos);
            byte[] copy = new byte[borrowed.remaining()];
            borrowed.get(copy);
            if (keepsSent) {
                sent.add(copy);
            }
            if (!filter.test(ByteBuffer.wrap(copy))) {
                transmit(this == left ? right : left, copy);
            }
        }

        @Override
        public void onEvent(E event) {
            events.add(event);
            onEvent.accept(event);
        }

        @Override
        public void wakeAt(long atNanos) {
            wakeAtNanos = atNanos;
        }

        private void receive(byte[] datagram) {
            driver.onDatagram(nowNanos, ByteBuffer.wrap(datagram), path);
        }

        public <T extends E> List<T> events(Class<T> kind) {
            return events.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }

    public final End left;
    public final End right;
    private final SplittableRandom random;
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final CRC32C trace = new CRC32C();
    private Line line;
    private long nowNanos;
    private long order;
    private long packets;

    public VirtualPair(long seed, Line line, ProtocolCore<E> left, ProtocolCore<E> right) {
        this.random = new SplittableRandom(seed);
        this.line = line;
        this.left = new End(left, path(1, 2));
        this.right = new End(right, path(2, 1));
    }

    public static Path path(int from, int to) {
        return new Path(new InetSocketAddress("127.0.0.1", from), new InetSocketAddress("127.0.0.1", to));
    }

    public long now() {
        return nowNanos;
    }

    public long packets() {
        return packets;
    }

    public long trace() {
        return trace.getValue();
    }

    public void line(Line other) {
        line = other;
    }

    /// Does something later.
    public void at(long atNanos, Runnable action) {
        queue.add(new Due(atNanos, order++, action));
    }

    public void runFor(long nanos) {
        runUntil(() -> false, nanos);
    }

    /// Runs until the condition holds; answers whether it did within the time.
    public boolean runUntil(BooleanSupplier condition, long maxNanos) {
        long end = nowNanos + maxNanos;
        while (!condition.getAsBoolean()) {
            long nextTimer = Math.min(left.wakeAtNanos, right.wakeAtNanos);
            Due due = queue.peek();
            long next = Math.min(nextTimer, due == null ? TimerTable.NEVER : due.atNanos);
            if (next > end) {
                nowNanos = end;
                return condition.getAsBoolean();
            }
            nowNanos = Math.max(nowNanos, next);
            if (due != null && due.atNanos <= nextTimer) {
                queue.remove().action.run();
            } else {
                fire(left.wakeAtNanos <= right.wakeAtNanos ? left : right);
            }
        }
        return true;
    }

    private void fire(End end) {
        end.wakeAtNanos = TimerTable.NEVER;
        end.driver.onTimer(nowNanos);
    }

    private void transmit(End to, byte[] datagram) {
        if (random.nextDouble() < line.loss) {
            return;
        }
        arrive(to, datagram);
        if (random.nextDouble() < line.duplication) {
            arrive(to, datagram);
        }
    }

    private void arrive(End to, byte[] datagram) {
        long delay = line.delayNanos + (line.jitterNanos > 0 ? random.nextLong(line.jitterNanos) : 0);
        if (random.nextDouble() < line.reordering) {
            delay += random.nextLong(3 * line.delayNanos + 1);
        }
        at(nowNanos + delay, () -> to.receive(datagram));
    }
}
