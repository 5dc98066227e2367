package dev.nearhand.transport.congestion;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The bound that losses set (draft-ietf-rmcat-gcc-02 section 6): a path whose queue is short drops what is too much.
/// What it loses at any rate, as radio does, is not counted: the least share of the last windows.
final class LossRate {
    /// Beyond what the path loses anyway.
    private static final double LOW = 0.02;

    private static final double HIGH = 0.10;
    /// A second of it; what is too much then, the delay shows.
    private static final double GROWTH = 1.25;

    private static final double OF_ARRIVALS = 0.85;

    /// Who loses more than this is never left to do so: that much is lost where too much is sent.
    private static final double MOST_USUAL = 0.10;

    /// A window has at least that many packets, and that long.
    private static final int LEAST_PACKETS = 50;

    private static final long LEAST_NANOS = 250_000_000;

    /// A heavy loss shows in fewer.
    private static final int HEAVY_PACKETS = 20;

    private static final double HEAVY = 0.3;
    private static final int WINDOWS = 24;
    private static final double NANOS = 1e9;

    private final Deque<Double> shares = new ArrayDeque<>(WINDOWS);
    private double bps = Double.POSITIVE_INFINITY;
    private int packets;
    private int lost;
    private double share;
    private long decreasedNanos = Long.MIN_VALUE / 2;
    private long beganNanos = Long.MIN_VALUE;

    /// Infinite until losses have set a bound.
    double bps() {
        return bps;
    }

    /// Of the packets of the last window, 0 to 1.
    double share() {
        return share;
    }

    /// A probe has gone through at this rate.
    void atLeast(double value) {
        bps = Math.max(bps, value);
    }

    /// @param arrivingBps the bound never falls much below what arrives
    /// @param newestSentNanos when the newest packet was sent that is known to have arrived
    void handle(
            long nowNanos,
            List<PacketResult> results,
            double currentBps,
            double arrivingBps,
            long newestSentNanos,
            double mostBps) {
        if (beganNanos == Long.MIN_VALUE) {
            beganNanos = nowNanos;
        }
        for (PacketResult result : results) {
            packets++;
            lost += result.isLost() ? 1 : 0;
        }
        long took = nowNanos - beganNanos;
        boolean heavy = packets >= HEAVY_PACKETS && lost > HEAVY * packets;
        if (!heavy && (packets < LEAST_PACKETS || took < LEAST_NANOS)) {
            return;
        }
        share = (double) lost / packets;
        packets = 0;
        lost = 0;
        beganNanos = nowNanos;
        if (shares.size() == WINDOWS) {
            shares.removeFirst();
        }
        shares.addLast(share);
        double least =
                shares.size() < 2 ? share : shares.stream().min(Double::compare).orElse(0.0);
        double excess = share - Math.min(least, MOST_USUAL);
        if (excess > HIGH) {
            if (newestSentNanos > decreasedNanos) {
                double bound = Math.min(bps, currentBps);
                bps = Math.min(bound, Math.max(bound * (1 - excess / 2), OF_ARRIVALS * (1 - excess) * arrivingBps));
                decreasedNanos = nowNanos;
            }
        } else if (excess < LOW) {
            bps *= Math.pow(GROWTH, Math.clamp(took / NANOS, 0, 1));
            if (bps > mostBps) {
                bps = Double.POSITIVE_INFINITY;
            }
        }
    }
}
