package dev.nearhand.transport.congestion;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// When to probe, and how fast: at the beginning, as long as each probe gets through again at twice the rate, and from
/// time to time afterwards, more rarely where it was of no use, so that a path that has become better is found. Never
/// while nothing else is sent.
final class ProbePlan {
    private static final double[] FIRST = {3, 6};
    private static final double AGAIN = 2;

    /// The first of a later row: more than flows that share a path leave free between two queues.
    private static final double LATER = 1.5;

    /// A probe that came through with this share of its rate is worth another one.
    private static final double WORTH_ANOTHER = 0.7;

    private static final long LEAST_PAUSE_NANOS = 2_000_000_000L;
    private static final long MOST_PAUSE_NANOS = 16_000_000_000L;

    /// After a queue has built up it is first left to empty.
    private static final long AFTER_OVERUSE_NANOS = 3_000_000_000L;

    private final Deque<Probe> waiting = new ArrayDeque<>();
    private int nextId = 1;
    private long pauseNanos = LEAST_PAUSE_NANOS;
    private long nextNanos;
    private double lastRateBps;
    private boolean begun;
    private boolean hopeful;
    private boolean later;

    /// The next probe, when one is due; the caller sends it now.
    @Nullable
    Probe poll(long nowNanos, double currentBps, double mostBps, long overusedNanos) {
        if (!begun) {
            begun = true;
            hopeful = true;
            for (double factor : FIRST) {
                add(factor * currentBps, currentBps, mostBps, Probe.SHORT_SECONDS);
            }
            nextNanos = nowNanos + pauseNanos;
        } else if (waiting.isEmpty() && nowNanos >= nextNanos && nowNanos - overusedNanos >= AFTER_OVERUSE_NANOS) {
            add(LATER * currentBps, currentBps, mostBps, Probe.LONG_SECONDS);
            later = true;
            hopeful = false;
            pauseNanos = Math.min(2 * pauseNanos, MOST_PAUSE_NANOS); // until one is of use
            nextNanos = nowNanos + pauseNanos;
        }
        Probe probe = waiting.pollFirst();
        if (probe != null) {
            lastRateBps = probe.rateBps();
        }
        return probe;
    }

    private void add(double rateBps, double currentBps, double mostBps, double seconds) {
        double rate = Math.min(rateBps, mostBps);
        if (rate > 1.05 * currentBps && waiting.size() < FIRST.length) {
            waiting.addLast(Probe.of(nextId++, rate, seconds));
        }
    }

    /// A probe has measured the path.
    ///
    /// @return whether to believe it: the first of a later row that fills the path has found what others leave free
    ///     at that moment, which is as much theirs
    boolean measured(long nowNanos, ProbeMeter.Measured probe, double beforeBps, double mostBps) {
        if (probe.filled() && !hopeful) {
            return false;
        }
        boolean better = probe.bps() > 1.1 * beforeBps;
        if (better) {
            pauseNanos = LEAST_PAUSE_NANOS;
            nextNanos = nowNanos + pauseNanos;
        }
        if (waiting.isEmpty() && probe.bps() > WORTH_ANOTHER * lastRateBps && (hopeful || better)) {
            hopeful = true;
            double next = AGAIN * probe.bps();
            lastRateBps = next; // the rest of the same probe asks for nothing more
            add(next, probe.bps(), mostBps, later ? Probe.LONG_SECONDS : Probe.SHORT_SECONDS);
        }
        return true;
    }

    /// The path has become worse: whether it becomes better again is looked for soon.
    void lowered(long nowNanos) {
        pauseNanos = LEAST_PAUSE_NANOS;
        nextNanos = Math.max(nowNanos + AFTER_OVERUSE_NANOS, Math.min(nextNanos, nowNanos + pauseNanos));
    }
}
