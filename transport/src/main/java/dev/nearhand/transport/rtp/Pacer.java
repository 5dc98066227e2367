package dev.nearhand.transport.rtp;

import dev.nearhand.transport.time.TimerTable;

/// Spreads what is more than a burst over time, as a leaky bucket, so that a key frame does not overflow the other
/// side's socket buffer, whose default holds some ninety packets.
///
/// Made for low latency: small frames are never held back, and the rate is several times what the stream needs. It does
/// not know the path's capacity and is no congestion control.
final class Pacer {
    /// What may leave at once.
    static final int BURST_BYTES = 48 * 1024;

    /// The rate of a stream that has hardly sent anything yet.
    static final long DEFAULT_MIN_RATE_BPS = 50_000_000;

    static final long MAX_RATE_BPS = 400_000_000;

    /// How many times the recent rate of the stream is allowed.
    private static final int RATE_FACTOR = 5;

    /// What waits is gone after this time, up to the highest rate.
    private static final double MAX_WAIT_SECONDS = 0.1;

    /// The shortest time between two wake-ups.
    private static final double QUANTUM_SECONDS = 0.0005;

    private static final double RECENT_SECONDS = 1;
    private static final double NANOS = 1e9;

    private long minRateBps = DEFAULT_MIN_RATE_BPS;
    private double rateBytes = DEFAULT_MIN_RATE_BPS / 8.0;
    private double recentBytes;
    private long recentNanos;
    private double levelBytes;
    private long levelNanos;

    void setMinRateBps(long bps) {
        minRateBps = Math.clamp(bps, 1_000_000, MAX_RATE_BPS);
    }

    /// A frame has been queued.
    ///
    /// @param waitingBytes what waits now, with it
    void queued(long nowNanos, int frameBytes, long waitingBytes) {
        double elapsed = Math.max(0, nowNanos - recentNanos) / NANOS;
        recentBytes = recentBytes * Math.exp(-elapsed / RECENT_SECONDS) + frameBytes;
        recentNanos = nowNanos;
        leak(nowNanos); // at the old rate
        double wanted = Math.max(RATE_FACTOR * recentBytes / RECENT_SECONDS, waitingBytes / MAX_WAIT_SECONDS);
        rateBytes = Math.clamp(wanted, minRateBps / 8.0, MAX_RATE_BPS / 8.0);
    }

    boolean maySend(long nowNanos) {
        leak(nowNanos);
        return levelBytes < BURST_BYTES;
    }

    void sent(long nowNanos, int bytes) {
        leak(nowNanos);
        levelBytes += bytes;
    }

    /// When something may be sent again, at least a quantum's worth; `NEVER` when it may be sent at once.
    long nextNanos() {
        if (levelBytes < BURST_BYTES) {
            return TimerTable.NEVER;
        }
        double surplus = levelBytes - BURST_BYTES + rateBytes * QUANTUM_SECONDS;
        return levelNanos + (long) Math.ceil(surplus / rateBytes * NANOS);
    }

    private void leak(long nowNanos) {
        if (nowNanos > levelNanos) {
            levelBytes = Math.max(0, levelBytes - (nowNanos - levelNanos) / NANOS * rateBytes);
            levelNanos = nowNanos;
        }
    }
}
