package dev.nearhand.transport.rtp;

import dev.nearhand.transport.time.TimerTable;

/// Whether and when to ask the other side for a key frame, again and again until one has come.
final class KeyframeWish {
    private static final long MIN_INTERVAL_NANOS = 200_000_000;
    private static final long MAX_INTERVAL_NANOS = 1_000_000_000;

    private long askAtNanos = TimerTable.NEVER;
    private long askedNanos = Long.MIN_VALUE / 2;
    private boolean wanted;

    /// A key frame is wanted, from `atNanos` on; never sooner after the last time than is polite.
    void want(long atNanos, long rttNanos) {
        if (!wanted) {
            wanted = true;
            askAtNanos = Math.max(atNanos, askedNanos + interval(rttNanos));
        }
    }

    void satisfied() {
        wanted = false;
        askAtNanos = TimerTable.NEVER;
    }

    boolean isWanted() {
        return wanted;
    }

    /// A key frame is arriving: what was asked for is not asked for again before that time.
    void postpone(long untilNanos) {
        if (wanted) {
            askAtNanos = Math.max(askAtNanos, untilNanos);
        }
    }

    /// Whether to ask now; the next time is set.
    boolean pollDue(long nowNanos, long rttNanos) {
        if (nowNanos < askAtNanos) {
            return false;
        }
        askedNanos = nowNanos;
        askAtNanos = nowNanos + interval(rttNanos);
        return true;
    }

    long nextNanos() {
        return askAtNanos;
    }

    private static long interval(long rttNanos) {
        return Math.clamp(2 * rttNanos, MIN_INTERVAL_NANOS, MAX_INTERVAL_NANOS);
    }
}
