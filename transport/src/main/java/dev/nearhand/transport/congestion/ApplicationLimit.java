package dev.nearhand.transport.congestion;

/// Whether much less is sent than could be: then what arrives says nothing of the path's capacity.
final class ApplicationLimit {
    private static final double NANOS = 1e9;
    private static final double USED_SHARE = 0.65;
    private static final double WINDOW_SECONDS = 0.5;
    private static final double BEGINS = 0.8;
    private static final double ENDS = 0.5;

    private double unusedBytes;
    private long atNanos = Long.MIN_VALUE;
    private boolean limited;

    boolean isLimited() {
        return limited;
    }

    /// @param targetBps what could be sent
    /// @param sentBytes now
    void update(long nowNanos, double targetBps, int sentBytes) {
        double windowBytes = targetBps * USED_SHARE / 8 * WINDOW_SECONDS;
        double seconds = atNanos == Long.MIN_VALUE ? 0 : Math.max(0, (nowNanos - atNanos) / NANOS);
        atNanos = nowNanos;
        double passed = targetBps * USED_SHARE / 8 * Math.min(seconds, 10);
        unusedBytes = Math.clamp(unusedBytes + passed - sentBytes, -windowBytes, windowBytes);
        double share = windowBytes == 0 ? 0 : unusedBytes / windowBytes;
        if (share > BEGINS) {
            limited = true;
        } else if (share < ENDS) {
            limited = false;
        }
    }
}
