package dev.nearhand.transport.congestion;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/// Flows over lines that they share, in virtual time: the cases of RFC 8867. The flows are real sessions and
/// associations; what is made up is the encoder and the path.
final class MediaLab {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;

    private static final int WIRE_OVERHEAD = 44;

    /// One direction of a link: a queue from whose end packets are dropped, a rate, a delay.
    static final class Line {
        /// Bits a second, 0 without a limit.
        long bps = 10_000_000;

        long delayNanos = 50 * MILLI;
        long queueNanos = 300 * MILLI;
        double loss;
        long jitterNanos;
        private long busyUntil;

        Line() {}

        private Line(long bps, long delayNanos, long jitterNanos) {
            this.bps = bps;
            this.delayNanos = delayNanos;
            this.jitterNanos = jitterNanos;
        }

        static Line of(double bps, long delayMillis) {
            return new Line((long) bps, delayMillis * MILLI, 0);
        }

        /// The same delay, and nothing else.
        Line back() {
            return new Line(0, delayNanos, jitterNanos);
        }
    }

    /// Something that sends and receives.
    interface Flow {
        /// When it has something to do by itself; [Long#MAX_VALUE] for never.
        long nextNanos();

        void tick();

        FlowMeter meter();
    }

    private record Arrival(long atNanos, long order, Runnable what) {}

    final Line path = new Line();
    final List<Flow> flows = new ArrayList<>();
    final Random random;
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::atNanos).thenComparingLong(Arrival::order));
    long now = 1;
    private long order;
    private long secondEnds = SECOND;

    MediaLab(long seed) {
        this.random = new Random(seed);
    }

    MediaFlow add(double atSeconds) {
        return add(atSeconds, true);
    }

    /// A flow over [#path], whose way back has the same delay and nothing else.
    MediaFlow add(double atSeconds, boolean feedback) {
        return add(atSeconds, feedback, List.of(path), List.of(path.back()));
    }

    MediaFlow add(double atSeconds, boolean feedback, List<Line> forth, List<Line> back) {
        MediaFlow flow = new MediaFlow(this, (long) (atSeconds * SECOND) + 1, feedback, flows.size(), forth, back);
        flows.add(flow);
        return flow;
    }

    BulkFlow addBulk(List<Line> forth, List<Line> back) {
        BulkFlow flow = new BulkFlow(this, flows.size(), forth, back);
        flows.add(flow);
        return flow;
    }

    /// Changes something later.
    void at(double seconds, Runnable action) {
        arrivals.add(new Arrival((long) (seconds * SECOND), order++, action));
    }

    /// Sends a packet along lines, one after the other.
    ///
    /// @param meter counts what it waited for and whether it was lost
    void send(List<Line> lines, int bytes, FlowMeter meter, Runnable arrived) {
        send(lines, 0, bytes + WIRE_OVERHEAD, 0, meter, arrived);
    }

    private void send(List<Line> lines, int hop, int bytes, long waited, FlowMeter meter, Runnable arrived) {
        if (hop == lines.size()) {
            meter.onArrived(bytes, waited);
            arrived.run();
            return;
        }
        Line line = lines.get(hop);
        long jitter = line.jitterNanos == 0 ? 0 : random.nextLong(line.jitterNanos);
        long leaves = now;
        long waiting = 0;
        if (line.bps > 0) {
            waiting = Math.max(0, line.busyUntil - now);
            if (waiting > line.queueNanos || random.nextDouble() < line.loss) {
                meter.onLost();
                return;
            }
            line.busyUntil = Math.max(line.busyUntil, now) + bytes * 8L * SECOND / line.bps;
            leaves = line.busyUntil;
        }
        long all = waited + waiting;
        Runnable next = () -> send(lines, hop + 1, bytes, all, meter, arrived);
        arrivals.add(new Arrival(leaves + line.delayNanos + jitter, order++, next));
    }

    void run(double untilSeconds) {
        long until = (long) (untilSeconds * SECOND);
        while (true) {
            long next = Math.min(until, secondEnds);
            Arrival arrival = arrivals.peek();
            if (arrival != null) {
                next = Math.min(next, arrival.atNanos);
            }
            for (Flow flow : flows) {
                next = Math.min(next, flow.nextNanos());
            }
            now = Math.max(now, next);
            if (now >= until) {
                endSecond();
                return;
            }
            if (now >= secondEnds) {
                endSecond();
                secondEnds += SECOND;
            } else if (arrival != null && now >= arrival.atNanos) {
                arrivals.remove();
                arrival.what.run();
            } else {
                flows.forEach(Flow::tick);
            }
        }
    }

    private void endSecond() {
        flows.forEach(flow -> flow.meter().endSecond());
    }
}
