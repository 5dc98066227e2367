package dev.nearhand.transport.sctp;

/// Tells when a path is full: the rate at which it delivers has not grown by a quarter for three round trips
/// ([draft-ietf-ccwg-bbr-04 section
/// 5.3.1.2](https://datatracker.ietf.org/doc/html/draft-ietf-ccwg-bbr-04#section-5.3.1.2)).
final class BbrFullPipe {
    private static final int ROUNDS = 3;
    private static final double GROWTH = 1.25;

    private boolean reached;
    private boolean now;
    private double rate;
    private int rounds;

    /// "BBR.full_bw_reached": it was full once.
    boolean isReached() {
        return reached;
    }

    /// "BBR.full_bw_now"
    boolean isNow() {
        return now;
    }

    void setReached() {
        reached = true;
    }

    /// "BBRResetFullBW", and the rate from which growth counts.
    void restart(double bytesPerSecond) {
        rate = bytesPerSecond;
        rounds = 0;
        now = false;
    }

    void onSample(DeliveryRate sample, boolean roundStart) {
        if (now || sample.appLimited) {
            return;
        }
        if (sample.bytesPerSecond >= rate * GROWTH) {
            restart(sample.bytesPerSecond);
        } else if (roundStart) {
            rounds++;
            now = rounds >= ROUNDS;
            reached |= now;
        }
    }
}
