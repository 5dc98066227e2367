package dev.nearhand.transport.congestion;

/// How long packets wait on the path beyond the least that was seen lately: the one-way delay less its minimum, in
/// which the unknown difference of the clocks cancels out.
final class QueueDelay {
    /// The minimum is that of one to two of these spans, so that drifting clocks and other routes do not count as a
    /// queue for long.
    private static final long SPAN_NANOS = 15_000_000_000L;

    private static final long UNKNOWN = Long.MAX_VALUE;

    private long spanBegan = Long.MIN_VALUE;
    private long least = UNKNOWN;
    private long leastBefore = UNKNOWN;
    private long latest;

    /// Takes the packets that one feedback calls arrived: the one that waited least of them counts.
    void arrived(long nowNanos, long leastOneWayNanos) {
        if (spanBegan == Long.MIN_VALUE || nowNanos - spanBegan > SPAN_NANOS) {
            spanBegan = nowNanos;
            leastBefore = least;
            least = UNKNOWN;
        }
        least = Math.min(least, leastOneWayNanos);
        latest = leastOneWayNanos;
    }

    long nanos() {
        return least == UNKNOWN ? 0 : latest - Math.min(least, leastBefore);
    }
}
