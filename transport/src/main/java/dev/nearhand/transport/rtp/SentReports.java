package dev.nearhand.transport.rtp;

import dev.nearhand.transport.rtcp.ReportBlock;

/// When the last sender reports left, to take the round-trip time from what receivers say about them (RFC 3550 section
/// 6.4.1), without trusting the wall clock to be steady.
final class SentReports {
    static final int CAPACITY = 32;
    static final long UNKNOWN = -1;

    private final int[] middles = new int[CAPACITY];
    private final long[] sentNanos = new long[CAPACITY];
    private int count;

    void sent(long nowNanos, int middleOfNtpTime) {
        int index = count++ % CAPACITY;
        middles[index] = middleOfNtpTime;
        sentNanos[index] = nowNanos;
    }

    /// The round-trip time, or [#UNKNOWN] when the block answers none of these reports.
    long roundTripNanos(long nowNanos, ReportBlock block) {
        if (block.lastSenderReport() == 0) {
            return UNKNOWN;
        }
        for (int back = 1; back <= Math.min(count, CAPACITY); back++) {
            int index = (count - back) % CAPACITY;
            if (middles[index] == block.lastSenderReport()) {
                long delayNanos = Math.round(block.delaySinceLastSenderReport() / 65_536.0 * 1e9);
                return Math.max(0, nowNanos - sentNanos[index] - delayNanos);
            }
        }
        return UNKNOWN;
    }
}
