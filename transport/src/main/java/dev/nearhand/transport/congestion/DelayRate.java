package dev.nearhand.transport.congestion;

import dev.nearhand.transport.congestion.DelayDetector.Usage;

/// The rate that keeps the queue short: grows while the delay stays as it is, falls to below what arrives when a queue
/// builds up (draft-ietf-rmcat-gcc-02 section 5.5).
final class DelayRate {
    private static final double NANOS = 1e9;
    private static final double BACK_OFF = 0.85;

    /// A queue longer than this is emptied by falling back further, the more the longer it is.
    private static final long QUEUE_NANOS = 50_000_000;

    private static final long QUEUE_SPAN_NANOS = 250_000_000;
    private static final double EXTRA_BACK_OFF = 0.35;

    /// A second of multiplicative growth.
    private static final double GROWTH = 1.08;

    /// Beyond this multiple of what arrives nothing is known.
    private static final double BEYOND_ARRIVALS = 1.5;

    private static final double EXTRA_BPS = 10_000;
    private static final double PACKET_BITS = 1_200 * 8;
    private static final long RESPONSE_NANOS = 100_000_000;

    private enum State {
        HOLD,
        INCREASE
    }

    private State state = State.INCREASE;
    private double bps;
    private long changedNanos = Long.MIN_VALUE;
    private long decreasedNanos = Long.MIN_VALUE;

    // what arrived when a queue had built up: the path's capacity, as far as it is known
    private double capacityKbps = -1;
    private double deviation = 0.4;

    DelayRate(double startBps) {
        this.bps = startBps;
    }

    double bps() {
        return bps;
    }

    /// A probe has gone through at this rate, or more is known otherwise.
    void set(long nowNanos, double value) {
        bps = value;
        changedNanos = nowNanos;
    }

    /// @param arriving what arrives, in bits per second; negative when it is unknown
    /// @param limitedByApplication then what arrives says nothing of what could
    /// @param queueNanos how long packets wait on the path
    /// @param newestSentNanos when the newest packet was sent that has arrived; what was sent before the last
    ///     decrease does not call for another one
    /// @return whether the rate was lowered
    boolean update(
            long nowNanos,
            Usage usage,
            double arriving,
            boolean limitedByApplication,
            long rttNanos,
            long queueNanos,
            long newestSentNanos,
            double leastBps,
            double mostBps) {
        boolean lowered = false;
        switch (usage) {
            case OVERUSE -> {
                if (newestSentNanos > decreasedNanos) {
                    lowered = decrease(nowNanos, arriving, queueNanos);
                }
                state = State.HOLD;
            }
            case UNDERUSE -> state = State.HOLD; // the queue empties first
            case NORMAL -> {
                if (state == State.HOLD) {
                    state = State.INCREASE;
                    changedNanos = nowNanos;
                } else {
                    increase(nowNanos, arriving, limitedByApplication, rttNanos);
                }
            }
        }
        bps = Math.clamp(bps, leastBps, mostBps);
        return lowered;
    }

    private boolean decrease(long nowNanos, double arriving, long queueNanos) {
        double before = bps;
        double excess = Math.clamp((queueNanos - QUEUE_NANOS) / (double) QUEUE_SPAN_NANOS, 0, 1);
        double backOff = BACK_OFF - excess * EXTRA_BACK_OFF;
        double next = backOff * (arriving >= 0 ? arriving : bps);
        if (next > bps && capacityKbps > 0) {
            next = backOff * capacityKbps * 1_000;
        }
        bps = Math.min(bps, next);
        if (arriving >= 0) {
            learn(arriving / 1_000);
        }
        decreasedNanos = nowNanos;
        changedNanos = nowNanos;
        return bps < before;
    }

    private void learn(double kbps) {
        if (capacityKbps >= 0 && Math.abs(kbps - capacityKbps) > 3 * spread()) {
            capacityKbps = -1; // another path
        }
        if (capacityKbps < 0) {
            capacityKbps = kbps;
            return;
        }
        capacityKbps = 0.95 * capacityKbps + 0.05 * kbps;
        double error = capacityKbps - kbps;
        deviation = Math.clamp(0.95 * deviation + 0.05 * error * error / Math.max(capacityKbps, 1), 0.4, 2.5);
    }

    private double spread() {
        return Math.sqrt(deviation * Math.max(capacityKbps, 1));
    }

    private void increase(long nowNanos, double arriving, boolean limitedByApplication, long rttNanos) {
        double seconds = changedNanos == Long.MIN_VALUE ? 0 : Math.clamp((nowNanos - changedNanos) / NANOS, 0, 1);
        changedNanos = nowNanos;
        if (capacityKbps >= 0 && arriving > (capacityKbps + 3 * spread()) * 1_000) {
            capacityKbps = -1;
        }
        double next;
        if (capacityKbps >= 0) {
            // near the capacity: about a packet for each time that an answer takes
            next = bps + seconds * Math.max(4_000, PACKET_BITS / ((rttNanos + RESPONSE_NANOS) / NANOS));
        } else {
            next = bps * Math.pow(GROWTH, seconds) + seconds * 1_000;
        }
        if (!limitedByApplication && arriving >= 0) {
            next = Math.min(next, BEYOND_ARRIVALS * arriving + EXTRA_BPS);
        } else if (limitedByApplication) {
            next = bps; // nothing has shown that more would go through
        }
        bps = Math.max(bps, next);
    }
}
