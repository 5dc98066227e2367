package dev.nearhand.transport.sctp;

/// CUBIC ([RFC 9438](https://www.rfc-editor.org/rfc/rfc9438)) with HyStart++ ([RFC
/// 9406](https://www.rfc-editor.org/rfc/rfc9406)) in slow start: the window follows a cubic function of the time since
/// the last loss, so that it does not depend on the round-trip time, and is never smaller than Reno's would be.
///
/// Windows are kept in packets, as the RFC writes them.
final class CubicCongestion implements CongestionControl {
    private static final double C = 0.4;
    private static final double BETA = 0.7;

    /// "alpha_cubic" in the Reno-friendly region (section 4.3).
    private static final double ALPHA_FRIENDLY = 3 * (1 - BETA) / (1 + BETA);

    /// Packets by which one acknowledgement may open the window in slow start: L of RFC 9406 without pacing.
    private static final int SLOW_START_LIMIT = 8;

    private static final int CSS_GROWTH_DIVISOR = 4;

    /// Packets that may leave at once beyond what was acknowledged.
    private static final int MAX_BURST = 10;

    private static final double MIN_WINDOW = 2;
    private static final int MAX_WINDOW_BYTES = 64 * 1024 * 1024;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NO_EPOCH = -1;

    private final int packetBytes;
    private final HyStart hyStart = new HyStart();
    private double window;
    private double threshold = Double.MAX_VALUE;
    private double maxWindow;
    private double priorWindow;
    private double estimatedWindow;
    private double originSeconds;
    private long epochNanos = NO_EPOCH;
    private long lastNanos;
    private long smoothedNanos;

    CubicCongestion(int packetBytes) {
        this.packetBytes = packetBytes;
        // RFC 6928: ten packets, as every current stack begins
        this.window = 10;
    }

    @Override
    public int windowBytes() {
        return (int) Math.min(window * packetBytes, MAX_WINDOW_BYTES);
    }

    @Override
    public void onMeasured(long rttNanos, long smoothed) {
        smoothedNanos = smoothed;
        if (isSlowStart()) {
            hyStart.onMeasured(rttNanos);
        }
    }

    @Override
    public void onRound() {
        if (isSlowStart() && hyStart.onRound()) {
            threshold = window;
        }
    }

    private boolean isSlowStart() {
        return window < threshold;
    }

    @Override
    public void onAcknowledged(
            long nowNanos, int ackedBytes, int flightBytes, boolean cumulativeAdvanced, boolean recovering) {
        long sinceNanos = nowNanos - lastNanos;
        lastNanos = nowNanos;
        double acked = (double) ackedBytes / packetBytes;
        if (flightBytes + packetBytes <= windowBytes() / (isSlowStart() ? 2 : 1)) {
            // section 4.8: time in which the application did not fill the window does not open it
            if (epochNanos != NO_EPOCH) {
                epochNanos += sinceNanos;
            }
            return;
        }
        if (recovering) {
            return;
        }
        if (isSlowStart()) {
            double growth = Math.min(acked, SLOW_START_LIMIT);
            grow(hyStart.isConservative() ? growth / CSS_GROWTH_DIVISOR : growth);
        } else {
            avoidCongestion(nowNanos, acked);
        }
    }

    /// Sections 4.2 to 4.5.
    private void avoidCongestion(long nowNanos, double acked) {
        if (epochNanos == NO_EPOCH) {
            epochNanos = nowNanos;
            estimatedWindow = window;
            if (window >= maxWindow) {
                maxWindow = window;
                originSeconds = 0;
            } else {
                originSeconds = Math.cbrt((maxWindow - window) / C);
            }
        }
        double seconds = (nowNanos - epochNanos) / NANOS_PER_SECOND;
        double now = cubic(seconds);
        estimatedWindow += (estimatedWindow >= priorWindow ? 1 : ALPHA_FRIENDLY) * acked / window;
        if (now < estimatedWindow) {
            grow(Math.max(0, estimatedWindow - window));
            return;
        }
        double target = Math.clamp(cubic(seconds + smoothedNanos / NANOS_PER_SECOND), window, 1.5 * window);
        grow((target - window) / window * acked);
    }

    private double cubic(double seconds) {
        double distance = seconds - originSeconds;
        return C * distance * distance * distance + maxWindow;
    }

    private void grow(double packets) {
        window = Math.min(window + packets, (double) MAX_WINDOW_BYTES / packetBytes);
    }

    @Override
    public void onLoss(long nowNanos) {
        reduce();
        window = threshold;
    }

    /// "the congestion window is reduced to one packet, and the slow start threshold as after a loss" (section 4.8)
    @Override
    public void onTimeout(long nowNanos) {
        reduce();
        window = 1;
        hyStart.restart();
    }

    private void reduce() {
        priorWindow = window;
        // section 4.7, fast convergence: leave room for a newcomer
        maxWindow = window < maxWindow ? window * (1 + BETA) / 2 : window;
        threshold = Math.max(window * BETA, MIN_WINDOW);
        epochNanos = NO_EPOCH;
    }

    /// RFC 9260 section 7.2.1: "max(cwnd / 2, 4 * PMDCS) per RTO"
    @Override
    public void onIdle(int timeouts) {
        double floor = Math.min(window, 10);
        window = Math.max(window / (1L << Math.min(timeouts, 30)), floor);
        epochNanos = NO_EPOCH;
    }

    @Override
    public int burstBytes() {
        return MAX_BURST * packetBytes;
    }
}
