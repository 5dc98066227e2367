package dev.nearhand.transport.sctp;

/// What BBR knows of a path: how fast it carries, how long it is, and how much may be in it
/// ([draft-ietf-ccwg-bbr-04 section 5.5](https://datatracker.ietf.org/doc/html/draft-ietf-ccwg-bbr-04#section-5.5)).
/// Knows no states; [BbrCongestion] decides what to do with it.
///
/// Rates are bytes a second; `Double.POSITIVE_INFINITY` and [#UNBOUNDED] mean that there is no bound.
final class BbrModel {
    static final long UNBOUNDED = Long.MAX_VALUE;

    /// "BBR.LossThresh": more loss in a round trip than this means that too much was in flight.
    static final double LOSS_THRESHOLD = 0.02;

    /// "BBR.Beta", as CUBIC's.
    static final double BETA = 0.7;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long MIN_RTT_FILTER_NANOS = 10_000_000_000L;
    private static final long PROBE_RTT_INTERVAL_NANOS = 5_000_000_000L;
    private static final int EXTRA_ACKED_ROUNDS = 10;

    private long nextRoundDelivered;
    private boolean roundStart;

    private double maxRateThisCycle;
    private double maxRateLastCycle;
    private double shortTermRate = Double.POSITIVE_INFINITY;
    private long shortTermFlight = UNBOUNDED;
    private double latestRate;
    private long latestFlight;

    private long minRttNanos;
    private long minRttSinceNanos;
    private long probeMinNanos = Long.MAX_VALUE;
    private long probeMinSinceNanos;
    private boolean probeRttDue;

    private long lossRoundDelivered;
    private boolean lossRoundStart;
    private boolean lossInRound;

    private long extraSinceNanos;
    private long extraDelivered;
    private long extraThis;
    private long extraLast;
    private int extraRounds;

    /// Whether the SACK at hand began a round trip (section 5.5.1).
    boolean isRoundStart() {
        return roundStart;
    }

    /// "BBR.max_bw"
    double maxRate() {
        return Math.max(maxRateThisCycle, maxRateLastCycle);
    }

    /// "BBR.bw" (BBRBoundBWForModel)
    double rate() {
        return Math.min(maxRate(), shortTermRate);
    }

    /// "BBR.min_rtt", or 0 before the first sample.
    long minRttNanos() {
        return minRttNanos;
    }

    /// "BBRBDPMultiple" of a rate.
    double bytesInPath(double rate) {
        return rate * minRttNanos / NANOS_PER_SECOND;
    }

    /// "BBR.inflight_shortterm"
    long shortTermFlight() {
        return shortTermFlight;
    }

    /// "BBR.inflight_latest"
    long latestFlight() {
        return latestFlight;
    }

    /// "BBR.extra_acked"
    long extraAcked() {
        return Math.max(extraThis, extraLast);
    }

    /// Whether the shortest round trip has not been seen for so long that it must be looked for.
    boolean isProbeRttDue() {
        return probeRttDue;
    }

    boolean isLossInRound() {
        return lossInRound;
    }

    /// "BBRStartRound"
    void startRound(DeliveryRate sample) {
        nextRoundDelivered = sample.delivered();
    }

    /// What comes first with each SACK (BBRUpdateLatestDeliverySignals, section 5.5.10.3; BBRUpdateMaxBw, 5.5.5).
    void onSample(DeliveryRate sample) {
        lossRoundStart = false;
        latestRate = Math.max(latestRate, sample.bytesPerSecond);
        latestFlight = Math.max(latestFlight, sample.sampleBytes);
        if (sample.deliveredWhenSent >= lossRoundDelivered) {
            lossRoundDelivered = sample.delivered();
            lossRoundStart = true;
        }
        roundStart = sample.deliveredWhenSent >= nextRoundDelivered;
        if (roundStart) {
            startRound(sample);
        }
        if (sample.bytesPerSecond > 0 && (sample.bytesPerSecond >= maxRate() || !sample.appLimited)) {
            maxRateThisCycle = Math.max(maxRateThisCycle, sample.bytesPerSecond);
        }
    }

    /// "BBRAdaptLowerBoundsFromCongestion", once in a round trip (section 5.5.10.3).
    ///
    /// @param probing whether loss is expected, because more is sent than the path is known to carry
    /// @return whether a round trip of the loss signals has ended
    boolean adaptToLoss(boolean probing, long windowBytes) {
        if (!lossRoundStart) {
            return false;
        }
        if (lossInRound && !probing) {
            double rate = shortTermRate == Double.POSITIVE_INFINITY ? maxRate() : shortTermRate;
            long flight = shortTermFlight == UNBOUNDED ? windowBytes : shortTermFlight;
            shortTermRate = Math.max(latestRate, BETA * rate);
            shortTermFlight = Math.max(latestFlight, (long) (BETA * flight));
        }
        lossInRound = false;
        return true;
    }

    /// "BBRAdvanceLatestDeliverySignals"
    void finish(DeliveryRate sample) {
        if (lossRoundStart) {
            latestRate = sample.bytesPerSecond;
            latestFlight = sample.sampleBytes;
        }
    }

    /// "BBRNoteLoss"
    void onLoss(DeliveryRate sample) {
        if (!lossInRound) {
            lossRoundDelivered = sample.delivered();
        }
        lossInRound = true;
    }

    /// "BBRResetCongestionSignals"
    void forgetSignals() {
        lossInRound = false;
        latestRate = 0;
        latestFlight = 0;
    }

    /// "BBRResetShortTermModel"
    void forgetShortTerm() {
        shortTermRate = Double.POSITIVE_INFINITY;
        shortTermFlight = UNBOUNDED;
    }

    /// "BBRAdvanceMaxBwFilter": the filter remembers two cycles (section 5.5.6).
    void advanceMaxRate() {
        if (maxRateThisCycle > 0) {
            maxRateLastCycle = maxRateThisCycle;
            maxRateThisCycle = 0;
        }
    }

    /// "BBRUpdateMinRTT" (section 5.3.4.3).
    void updateMinRtt(long nowNanos, long rttNanos) {
        probeRttDue = nowNanos > probeMinSinceNanos + PROBE_RTT_INTERVAL_NANOS && probeMinNanos != Long.MAX_VALUE;
        if (rttNanos >= 0 && (rttNanos < probeMinNanos || probeRttDue)) {
            probeMinNanos = rttNanos;
            probeMinSinceNanos = nowNanos;
        }
        if (probeMinNanos != Long.MAX_VALUE
                && (minRttNanos == 0
                        || probeMinNanos < minRttNanos
                        || nowNanos > minRttSinceNanos + MIN_RTT_FILTER_NANOS)) {
            minRttNanos = Math.max(1, probeMinNanos);
            minRttSinceNanos = probeMinSinceNanos;
        }
    }

    /// The queue was empty now: the next look at it is due an interval later.
    void scheduleProbeRtt(long nowNanos) {
        probeMinSinceNanos = nowNanos;
    }

    /// "BBRUpdateACKAggregation": how much more SACKs bring at a time than the rate says (section 5.5.9).
    void updateExtraAcked(long nowNanos, int ackedBytes, long windowBytes, boolean full) {
        if (roundStart) {
            extraRounds++;
            if (extraRounds >= (full ? EXTRA_ACKED_ROUNDS : 1)) {
                extraRounds = 0;
                extraLast = extraThis;
                extraThis = 0;
            }
        }
        double expected = rate() * (nowNanos - extraSinceNanos) / NANOS_PER_SECOND;
        if (extraDelivered <= expected) {
            restartExtraAcked(nowNanos);
            expected = 0;
        }
        extraDelivered += ackedBytes;
        extraThis = Math.max(extraThis, Math.min((long) (extraDelivered - expected), windowBytes));
    }

    void restartExtraAcked(long nowNanos) {
        extraDelivered = 0;
        extraSinceNanos = nowNanos;
    }
}
