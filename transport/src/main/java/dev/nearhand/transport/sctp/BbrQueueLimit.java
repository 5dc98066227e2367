package dev.nearhand.transport.sctp;

/// How long a queue BBR makes itself while it tries whether the path carries more: a round trip may take a quarter and
/// 10 ms longer than the shortest one.
///
/// The draft goes on until something is lost or the rate has not grown for three round trips. A flow that tries against
/// another takes more of the rate the longer it goes on, so there the queue fills, and the one that has more in flight
/// keeps it; with this limit whoever has more meets it first. It stands for the ECN marks of section 5.3.3.6, which
/// cannot be seen above DTLS.
final class BbrQueueLimit {
    private static final long QUEUE_NANOS = 10_000_000L;
    private static final int RTT_DIVISOR = 4;

    /// Of so many round trips the shortest counts, so that jitter is not taken for a queue.
    private static final int SAMPLES = 8;

    private final long[] recentNanos = new long[SAMPLES];
    private int samples;

    static long limitNanos(long minRttNanos) {
        return minRttNanos + minRttNanos / RTT_DIVISOR + QUEUE_NANOS;
    }

    void onMeasured(long rttNanos) {
        recentNanos[samples % SAMPLES] = rttNanos;
        samples = samples + 1 == 2 * SAMPLES ? SAMPLES : samples + 1;
    }

    /// The shortest of the last round trips, or 0 before there were any.
    long recentNanos() {
        int known = Math.min(samples, SAMPLES);
        long least = known == 0 ? 0 : recentNanos[0];
        for (int i = 1; i < known; i++) {
            least = Math.min(least, recentNanos[i]);
        }
        return least;
    }

    /// @param minRttNanos how long the path is without a queue
    boolean isExceeded(long minRttNanos) {
        return minRttNanos > 0 && recentNanos() > limitNanos(minRttNanos);
    }

    /// What of a flight that has met the limit would just have kept to it.
    long within(long flightBytes, long minRttNanos) {
        return (long) ((double) flightBytes * limitNanos(minRttNanos) / Math.max(1, recentNanos()));
    }
}
