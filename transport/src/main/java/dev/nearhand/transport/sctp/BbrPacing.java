package dev.nearhand.transport.sctp;

/// "C.pacing_rate" of BBR ([draft-ietf-ccwg-bbr-04 section
/// 5.6.2](https://datatracker.ietf.org/doc/html/draft-ietf-ccwg-bbr-04#section-5.6.2)). Bytes a second.
final class BbrPacing {
    /// "BBR.PacingMarginPercent"
    private static final double MARGIN = 0.99;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long FIRST_GUESS_NANOS = 1_000_000L;

    private final int packetBytes;
    private double rate;
    private long smoothedNanos;

    BbrPacing(int packetBytes) {
        this.packetBytes = packetBytes;
        guess(FIRST_GUESS_NANOS);
    }

    /// "BBRInitPacingRate"
    private void guess(long rttNanos) {
        rate = BbrState.STARTUP.pacingGain
                * BbrWindow.INITIAL_PACKETS
                * packetBytes
                * NANOS_PER_SECOND
                / Math.max(1, rttNanos);
    }

    /// @param known whether the path has been seen to deliver
    void onMeasured(long smoothed, boolean known) {
        if (smoothedNanos == 0 && !known) {
            guess(smoothed);
        }
        smoothedNanos = smoothed;
    }

    /// The smoothed round-trip time, or 0.
    long smoothedNanos() {
        return smoothedNanos;
    }

    double rate() {
        return rate;
    }

    /// Never less than two packets in a round trip, so that a rate that was measured too low is found out.
    double allowedRate() {
        return smoothedNanos == 0 ? rate : Math.max(rate, perRoundTrip(2.0 * packetBytes));
    }

    /// The rate that sends so much in a round trip; 0 when that is not known.
    double perRoundTrip(double bytes) {
        return smoothedNanos == 0 ? 0 : bytes * NANOS_PER_SECOND / smoothedNanos;
    }

    /// "BBRSetPacingRateWithGain"
    ///
    /// @param full whether the path was full once; before, the rate only grows
    void follow(double gain, double modelRate, boolean full) {
        double next = gain * modelRate * MARGIN;
        if (full || next > rate) {
            rate = next;
        }
    }
}
