package dev.nearhand.transport.sctp;

/// Ends slow start when the round-trip time begins to grow, before the queue overflows
/// ([RFC 9406](https://www.rfc-editor.org/rfc/rfc9406), HyStart++). Knows rounds and samples, no window.
final class HyStart {
    private static final long MIN_RTT_THRESH_NANOS = 4_000_000L;
    private static final long MAX_RTT_THRESH_NANOS = 16_000_000L;
    private static final int MIN_RTT_DIVISOR = 8;
    private static final int N_RTT_SAMPLE = 8;
    private static final int CSS_ROUNDS = 5;
    private static final long NONE = Long.MAX_VALUE;

    private long lastRoundMinNanos = NONE;
    private long currentRoundMinNanos = NONE;
    private int samples;
    private boolean conservative;
    private long baselineNanos = NONE;
    private int conservativeRounds;

    /// Whether this is Conservative Slow Start, in which the window grows at a quarter of the speed.
    boolean isConservative() {
        return conservative;
    }

    /// A round-trip time was measured (section 4.2).
    void onMeasured(long rttNanos) {
        currentRoundMinNanos = Math.min(currentRoundMinNanos, rttNanos);
        samples++;
        if (samples < N_RTT_SAMPLE) {
            return;
        }
        if (conservative) {
            if (currentRoundMinNanos < baselineNanos) {
                conservative = false; // "the slow start exit was spurious"
            }
        } else if (lastRoundMinNanos != NONE) {
            long threshold =
                    Math.clamp(lastRoundMinNanos / MIN_RTT_DIVISOR, MIN_RTT_THRESH_NANOS, MAX_RTT_THRESH_NANOS);
            if (currentRoundMinNanos >= lastRoundMinNanos + threshold) {
                conservative = true;
                baselineNanos = currentRoundMinNanos;
                conservativeRounds = 0;
            }
        }
    }

    /// A round ends and the next begins; answers whether slow start is over.
    boolean onRound() {
        lastRoundMinNanos = currentRoundMinNanos;
        currentRoundMinNanos = NONE;
        samples = 0;
        if (conservative) {
            conservativeRounds++;
        }
        return conservative && conservativeRounds >= CSS_ROUNDS;
    }

    /// Slow start begins anew, after a timeout.
    void restart() {
        lastRoundMinNanos = NONE;
        currentRoundMinNanos = NONE;
        samples = 0;
        conservative = false;
    }
}
