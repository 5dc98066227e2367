package dev.nearhand.app.rendezvous;

/// How often something may happen: so many times at once, and so many a second on average. One thread.
final class Allowance {
    private final double most;
    private final double perNano;
    private double left;
    private long nanos;

    /// @param most at once
    Allowance(double most, double perSecond, long nowNanos) {
        this.most = most;
        this.perNano = perSecond / 1e9;
        this.left = most;
        this.nanos = nowNanos;
    }

    /// Takes `amount`, or nothing and answers false.
    boolean take(double amount, long nowNanos) {
        left = Math.min(most, left + (nowNanos - nanos) * perNano);
        nanos = nowNanos;
        if (left < amount) {
            return false;
        }
        left -= amount;
        return true;
    }
}
