package dev.nearhand.transport.rtp;

import dev.nearhand.transport.time.TimerTable;

/// Spreads what is more than a burst over time, as a leaky bucket, so that a key frame does not overflow the other
/// side's socket buffer, whose default holds some ninety packets.
///
/// Made for low latency: small frames are never held back. Where the path's capacity is not known, the rate is several
/// times what the stream needs; where it is, the rate is a little above it, and the burst is what the path takes in a
/// few milliseconds.
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

    /// So many times faster than the target, so that a frame that is larger than others does not wait for long.
    private static final double LED_FACTOR = 2.5;

    private static final double LED_BURST_SECONDS = 0.01;
    /// About what TCP begins with (RFC 6928).
    private static final int FIRST_BURST_BYTES = 16 * 1024;

    private static final int LED_LEAST_BURST_BYTES = 3 * 1_228;

    /// What waits longer than this at the rate of a target leaves faster.
    private static final double LED_MAX_WAIT_SECONDS = 1;

    private double targetBytes; // a second; 0 without a target
    private double ledFactor = LED_FACTOR;
    private double burstBytes = BURST_BYTES;
    private long minRateBps = DEFAULT_MIN_RATE_BPS;
    private double rateBytes = DEFAULT_MIN_RATE_BPS / 8.0;
    private double recentBytes;
    private long recentNanos;
    private double levelBytes;
    private long levelNanos;

    void setMinRateBps(long bps) {
        minRateBps = Math.clamp(bps, 1_000_000, MAX_RATE_BPS);
    }

    /// Follows a target from now on.
    ///
    /// @param bps 0 for none
    /// @param exactly whether nothing leaves faster, because much waits on the path already
    /// @param known whether the target comes from the path; until then a first picture may begin with more at once
    void lead(long nowNanos, double bps, boolean exactly, boolean known) {
        leak(nowNanos);
        targetBytes = bps / 8;
        if (bps > 0) {
            ledFactor = exactly ? 1 : LED_FACTOR;
            rateBytes = ledFactor * targetBytes;
            int least = known ? LED_LEAST_BURST_BYTES : FIRST_BURST_BYTES;
            burstBytes = Math.clamp(targetBytes * LED_BURST_SECONDS, least, BURST_BYTES);
        } else {
            burstBytes = BURST_BYTES;
        }
    }

    /// Sends at exactly that rate, without a burst, until [#lead] is called.
    void probe(long nowNanos, double bps) {
        leak(nowNanos);
        levelBytes = 0;
        rateBytes = bps / 8;
        burstBytes = Math.max(1, rateBytes * QUANTUM_SECONDS);
    }

    /// A frame has been queued.
    ///
    /// @param waitingBytes what waits now, with it
    void queued(long nowNanos, int frameBytes, long waitingBytes) {
        double elapsed = Math.max(0, nowNanos - recentNanos) / NANOS;
        recentBytes = recentBytes * Math.exp(-elapsed / RECENT_SECONDS) + frameBytes;
        recentNanos = nowNanos;
        leak(nowNanos); // at the old rate
        if (targetBytes > 0) {
            rateBytes = Math.max(ledFactor * targetBytes, waitingBytes / LED_MAX_WAIT_SECONDS);
            return;
        }
        double wanted = Math.max(RATE_FACTOR * recentBytes / RECENT_SECONDS, waitingBytes / MAX_WAIT_SECONDS);
        rateBytes = Math.clamp(wanted, minRateBps / 8.0, MAX_RATE_BPS / 8.0);
    }

    boolean maySend(long nowNanos) {
        leak(nowNanos);
        return levelBytes < burstBytes;
    }

    void sent(long nowNanos, int bytes) {
        leak(nowNanos);
        levelBytes += bytes;
    }

    /// When something may be sent again, at least a quantum's worth; `NEVER` when it may be sent at once.
    long nextNanos() {
        if (levelBytes < burstBytes) {
            return TimerTable.NEVER;
        }
        double surplus = levelBytes - burstBytes + rateBytes * QUANTUM_SECONDS;
        return levelNanos + (long) Math.ceil(surplus / rateBytes * NANOS);
    }

    private void leak(long nowNanos) {
        if (nowNanos > levelNanos) {
            levelBytes = Math.max(0, levelBytes - (nowNanos - levelNanos) / NANOS * rateBytes);
            levelNanos = nowNanos;
        }
    }
}
