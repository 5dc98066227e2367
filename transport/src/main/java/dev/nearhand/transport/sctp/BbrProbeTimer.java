package dev.nearhand.transport.sctp;

import java.util.random.RandomGenerator;

/// When BBR tries whether the path carries more: after two to three seconds, or when a flow of Reno would have grown as
/// far ([draft-ietf-ccwg-bbr-04 section
/// 5.3.3.5](https://datatracker.ietf.org/doc/html/draft-ietf-ccwg-bbr-04#section-5.3.3.5)).
final class BbrProbeTimer {
    private static final long WAIT_NANOS = 2_000_000_000L;
    private static final long MORE_WAIT_NANOS = 1_000_000_000L;
    private static final int MAX_RENO_ROUNDS = 63;

    private final RandomGenerator random;
    private long sinceNanos;
    private long waitNanos;
    private int rounds;

    BbrProbeTimer(RandomGenerator random) {
        this.random = random;
    }

    /// "BBRPickProbeWait"
    void restart(long nowNanos) {
        rounds = random.nextInt(2);
        waitNanos = WAIT_NANOS + (long) (random.nextDouble() * MORE_WAIT_NANOS);
        sinceNanos = nowNanos;
    }

    void onRound() {
        rounds++;
    }

    /// "BBRIsTimeToProbeBW"
    ///
    /// @param targetPackets "BBRTargetInflight"
    boolean isDue(long nowNanos, double targetPackets) {
        return nowNanos > sinceNanos + waitNanos || rounds >= Math.min(targetPackets, MAX_RENO_ROUNDS);
    }
}
