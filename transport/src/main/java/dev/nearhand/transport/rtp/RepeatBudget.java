package dev.nearhand.transport.rtp;

/// How much may be sent again: repetitions are part of what the path takes, not something beside it. Where a path loses
/// because it is too full, all that is asked for would only fill it more.
final class RepeatBudget {
    /// Of the target; frames have the rest at least.
    private static final double SHARE = 0.5;

    /// What was not used is kept for so long, for losses come in bursts.
    private static final double KEPT_SECONDS = 0.5;

    /// However low the target is, a burst of a dozen packets is repaired.
    private static final int LEAST_BYTES = 16 * 1024;

    /// The rate of repetitions is told as a mean of about so long.
    private static final double MEAN_SECONDS = 1;

    private static final double NANOS = 1e9;

    private double targetBps;
    private double usedBytes;
    private double recentBytes;
    private long atNanos = Long.MIN_VALUE;

    /// @param bps for frames and repetitions together, 0 when it is not known; then there is no limit
    void lead(double bps) {
        targetBps = bps;
    }

    /// Whether a packet may be sent again; counts it when it may.
    ///
    /// @param bytes on the wire
    boolean take(long nowNanos, int bytes) {
        pass(nowNanos);
        if (targetBps > 0) {
            double most = Math.max(LEAST_BYTES, SHARE * targetBps / 8 * KEPT_SECONDS);
            if (usedBytes + bytes > most) {
                return false;
            }
            usedBytes += bytes;
        }
        recentBytes += bytes;
        return true;
    }

    /// Of the last second or so, in bits per second.
    double recentBps(long nowNanos) {
        pass(nowNanos);
        return recentBytes * 8 / MEAN_SECONDS;
    }

    private void pass(long nowNanos) {
        double seconds = atNanos == Long.MIN_VALUE ? 0 : Math.max(0, nowNanos - atNanos) / NANOS;
        atNanos = nowNanos;
        usedBytes = Math.max(0, usedBytes - seconds * SHARE * targetBps / 8);
        recentBytes *= Math.exp(-seconds / MEAN_SECONDS);
    }
}
