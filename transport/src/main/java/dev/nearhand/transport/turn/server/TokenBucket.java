package dev.nearhand.transport.turn.server;

/// Lets so much through in a second, and so much at once.
final class TokenBucket {
    private static final double SECOND_NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    private double tokens;
    private long latestNanos;

    TokenBucket(long nowNanos, double perSecond, double burst) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.latestNanos = nowNanos;
    }

    boolean take(long nowNanos, double amount) {
        tokens = Math.min(burst, tokens + Math.max(0, nowNanos - latestNanos) / SECOND_NANOS * perSecond);
        latestNanos = Math.max(latestNanos, nowNanos);
        if (tokens < amount) {
            return false;
        }
        tokens -= amount;
        return true;
    }
}
