package dev.nearhand.transport.sctp;

import java.util.random.RandomGenerator;

/// BBR version 3: sends as fast as the path was seen to deliver, and keeps about twice what fits into it in flight;
/// a loss alone does not slow it down ([draft-ietf-ccwg-bbr-04
/// section 5](https://datatracker.ietf.org/doc/html/draft-ietf-ccwg-bbr-04#section-5)). Sections named here are that
/// draft's.
///
/// What is known of the path is [BbrModel]'s; the samples come from [DeliveryRate]. ECN is left out, since its bits
/// cannot be seen above DTLS.
final class BbrCongestion implements CongestionControl {
    /// RFC 6928
    private static final int INITIAL_PACKETS = 10;

    /// "BBR.MinPipeCwnd" (section 5.6.4.3)
    private static final int MIN_PACKETS = 4;

    private static final int MAX_WINDOW_BYTES = 64 * 1024 * 1024;

    /// "BBR.PacingMarginPercent" (section 5.6.2)
    private static final double PACING_MARGIN = 0.99;

    /// "BBRStartupFullLossCnt" (section 5.3.1.3)
    private static final int STARTUP_LOSSES = 6;

    private static final long PROBE_RTT_NANOS = 200_000_000L;
    private static final long PROBE_WAIT_NANOS = 2_000_000_000L;
    private static final int MAX_RENO_ROUNDS = 63;
    private static final double NANOS_PER_SECOND = 1e9;

    /// Quanta of the pacer that fit into the least window (section 5.5.8).
    private static final int QUANTA = 3;

    /// "BBR.ack_phase" (section 5.3.3.6), as far as something depends on it.
    private enum Answers {
        OTHER,
        PROBE_STOPPING
    }

    private final int packetBytes;
    private final RandomGenerator random;
    private final BbrModel model = new BbrModel();
    private final BbrFullPipe full = new BbrFullPipe();
    private final BbrFlightBound bound;

    private BbrState state = BbrState.STARTUP;
    private long window;
    private long priorWindow;
    private double pacingRate;
    private long smoothedNanos;
    private boolean timedOut;
    private boolean recovering;

    private int startupLosses;
    private int lastLostTsn;

    private Answers answers = Answers.OTHER;
    private boolean probeUnanswered;
    private long cycleSinceNanos;
    private long probeWaitNanos;
    private int roundsSinceProbe;

    private boolean idleRestart;
    private long probeRttDoneNanos;
    private boolean probeRttRoundDone;
    private long windowFilledDelivered = -1;

    /// Whether it is the bound that limits the flow: seen before the bound is raised for what this SACK acknowledges,
    /// which would make the window seem smaller than it. So a probe goes on as long as the bound has to grow.
    private boolean boundLimited;

    BbrCongestion(int packetBytes, RandomGenerator random) {
        this.packetBytes = packetBytes;
        this.random = random;
        this.bound = new BbrFlightBound(packetBytes);
        this.window = (long) INITIAL_PACKETS * packetBytes;
        initPacingRate(0.001);
    }

    BbrState state() {
        return state;
    }

    BbrModel model() {
        return model;
    }

    @Override
    public int windowBytes() {
        return (int) Math.min(window, MAX_WINDOW_BYTES);
    }

    /// Bursts are the pacer's to bound.
    @Override
    public int burstBytes() {
        return MAX_WINDOW_BYTES;
    }

    /// Never less than two packets in a round trip, so that a rate that was measured too low is found out.
    @Override
    public double pacingBytesPerSecond() {
        return smoothedNanos == 0
                ? pacingRate
                : Math.max(pacingRate, 2 * packetBytes * NANOS_PER_SECOND / smoothedNanos);
    }

    /// "BBRInitPacingRate" (section 5.6.2)
    private void initPacingRate(double rttSeconds) {
        pacingRate = BbrState.STARTUP.pacingGain * INITIAL_PACKETS * packetBytes / rttSeconds;
    }

    @Override
    public void onMeasured(long rttNanos, long smoothed) {
        if (smoothedNanos == 0 && model.maxRate() == 0) {
            initPacingRate(smoothed / NANOS_PER_SECOND);
        }
        smoothedNanos = smoothed;
    }

    /// "BBRHandleRestartFromIdle" (section 5.4.1), and whether the window is ever full.
    @Override
    public void onSend(long nowNanos, int flightBytes, DeliveryRate sample) {
        if (flightBytes == 0 && sample.isAppLimited()) {
            idleRestart = true;
            model.restartExtraAcked(nowNanos);
            if (state.isProbeBw()) {
                setPacingRate(1);
            } else if (state == BbrState.PROBE_RTT) {
                checkProbeRttDone(nowNanos, sample);
            }
        }
        if (flightBytes + packetBytes >= windowBytes()) {
            windowFilledDelivered = sample.delivered();
        }
    }

    /// "BBRUpdateOnACK" (section 5.2.3)
    @Override
    public void onSample(long nowNanos, int flightBytes, DeliveryRate sample) {
        model.onSample(sample);
        if (model.isRoundStart()) {
            roundsSinceProbe++;
        }
        boundLimited = windowFilledDelivered >= sample.deliveredWhenSent && window >= bound.bytes();
        if (state == BbrState.STARTUP && model.isRoundStart()) {
            checkStartupHighLoss(sample);
        }
        model.adaptToLoss(state.isProbing(), window);
        model.updateExtraAcked(nowNanos, sample.ackedBytes, window, full.isReached());
        full.onSample(sample, model.isRoundStart());
        if (state == BbrState.STARTUP && full.isReached()) {
            state = BbrState.DRAIN; // section 5.3.2
        }
        if (state == BbrState.DRAIN && flightBytes <= flightFor(1)) {
            startDown(nowNanos, sample);
        }
        if (full.isReached()) {
            adaptLongTerm(nowNanos, sample);
            updateCycle(nowNanos, flightBytes, sample);
        }
        model.updateMinRtt(nowNanos, sample.rttNanos);
        checkProbeRtt(nowNanos, flightBytes, sample);
        model.finish(sample);
        setPacingRate(state.pacingGain);
        setWindow(sample);
    }

    /// "BBRCheckStartupHighLoss" (section 5.3.1.3)
    private void checkStartupHighLoss(DeliveryRate sample) {
        if (startupLosses >= STARTUP_LOSSES && isFlightTooHigh(sample.lostSinceSent, sample.flightWhenSent)) {
            full.setReached();
            bound.set(Math.max((long) model.bytesInPath(model.maxRate()), model.latestFlight()));
        }
        startupLosses = 0;
    }

    // ---- ProbeBW (section 5.3.3)

    private void startDown(long nowNanos, DeliveryRate sample) {
        model.forgetSignals();
        roundsSinceProbe = random.nextInt(2);
        probeWaitNanos = PROBE_WAIT_NANOS + (long) (random.nextDouble() * NANOS_PER_SECOND);
        cycleSinceNanos = nowNanos;
        answers = Answers.PROBE_STOPPING;
        model.startRound(sample);
        state = BbrState.PROBE_BW_DOWN;
    }

    private void startRefill(DeliveryRate sample) {
        model.forgetShortTerm();
        bound.beginProbe();
        answers = Answers.OTHER;
        model.startRound(sample);
        state = BbrState.PROBE_BW_REFILL;
    }

    private void startUp(DeliveryRate sample) {
        probeUnanswered = true;
        model.startRound(sample);
        full.restart(sample.bytesPerSecond);
        state = BbrState.PROBE_BW_UP;
        bound.raiseSlope(window);
    }

    /// "BBRUpdateProbeBWCyclePhase" (section 5.3.3.6)
    private void updateCycle(long nowNanos, int flightBytes, DeliveryRate sample) {
        switch (state) {
            case PROBE_BW_DOWN -> {
                if (isTimeToProbe(nowNanos)) {
                    startRefill(sample);
                } else if (flightBytes <= bound.withHeadroom() && flightBytes <= flightFor(1)) {
                    state = BbrState.PROBE_BW_CRUISE;
                }
            }
            case PROBE_BW_CRUISE -> {
                if (isTimeToProbe(nowNanos)) {
                    startRefill(sample);
                }
            }
            case PROBE_BW_REFILL -> {
                if (model.isRoundStart()) {
                    startUp(sample);
                }
            }
            case PROBE_BW_UP -> {
                if (isTimeToGoDown(sample)) {
                    startDown(nowNanos, sample);
                }
            }
            case STARTUP, DRAIN, PROBE_RTT -> {}
        }
    }

    /// "BBRIsTimeToProbeBW" (section 5.3.3.5): after two to three seconds, or when a Reno flow would have grown as far.
    private boolean isTimeToProbe(long nowNanos) {
        return nowNanos > cycleSinceNanos + probeWaitNanos
                || roundsSinceProbe >= Math.min(targetFlight() / packetBytes, MAX_RENO_ROUNDS);
    }

    /// "BBRTargetInflight"
    private double targetFlight() {
        return Math.min(model.bytesInPath(model.rate()), window);
    }

    /// "BBRIsTimeToGoDown"
    private boolean isTimeToGoDown(DeliveryRate sample) {
        if (boundLimited) {
            full.restart(sample.bytesPerSecond); // the rate is limited by the bound
            return false;
        }
        return full.isNow();
    }

    /// "BBRAdaptLongTermModel"
    private void adaptLongTerm(long nowNanos, DeliveryRate sample) {
        if (answers == Answers.PROBE_STOPPING && model.isRoundStart()) {
            answers = Answers.OTHER;
            if (state.isProbeBw() && !sample.appLimited) {
                model.advanceMaxRate();
            }
        }
        if (isFlightTooHigh(sample.lostSinceSent, sample.flightWhenSent)) {
            if (probeUnanswered) {
                onFlightTooHigh(nowNanos, sample.flightWhenSent, sample.appLimited, sample);
            }
        } else if (bound.bytes() != BbrModel.UNBOUNDED) {
            bound.onCarried(sample.flightWhenSent);
            if (state == BbrState.PROBE_BW_UP && boundLimited) {
                bound.raise(sample.ackedBytes, window, model.isRoundStart());
            }
        }
    }

    // ---- losses (section 5.5.10)

    /// "IsInflightTooHigh", with two standard deviations of chance on top: of a hundred packets, more than two are lost
    /// every now and then on a path that loses one in a hundred, however little is in flight.
    private boolean isFlightTooHigh(long lostBytes, int flightWhenSent) {
        double tolerated = BbrModel.LOSS_THRESHOLD * flightWhenSent;
        return lostBytes > tolerated + 2 * Math.sqrt(tolerated * packetBytes);
    }

    /// "BBRHandleLostPacket" (section 5.5.10.2)
    @Override
    public void onChunkLost(long nowNanos, SentChunk chunk, DeliveryRate sample) {
        if (chunk.tsn != lastLostTsn + 1) {
            startupLosses++;
        }
        lastLostTsn = chunk.tsn;
        model.onLoss(sample);
        long lost = sample.lostSince(chunk);
        if (probeUnanswered && isFlightTooHigh(lost, chunk.flightWhenSent)) {
            // "BBRInflightAtLoss"
            int size = chunk.sizeBytes();
            double before = chunk.flightWhenSent - size;
            double prefix = (BbrModel.LOSS_THRESHOLD * before - (lost - size)) / (1 - BbrModel.LOSS_THRESHOLD);
            onFlightTooHigh(nowNanos, (long) (before + prefix), chunk.appLimited, sample);
        }
    }

    /// "BBRHandleInflightTooHigh"
    private void onFlightTooHigh(long nowNanos, long flightBytes, boolean appLimited, DeliveryRate sample) {
        probeUnanswered = false; // "only react once per bw probe"
        if (!appLimited) {
            bound.set(Math.max(flightBytes, (long) (targetFlight() * BbrModel.BETA)));
        }
        if (state == BbrState.PROBE_BW_UP) {
            startDown(nowNanos, sample);
        }
    }

    /// "BBROnEnterFastRecovery" (section 5.6.4.4)
    @Override
    public void onLoss(long nowNanos) {
        saveWindow();
        recovering = true;
    }

    @Override
    public void onRecovered() {
        recovering = false;
        restoreWindow();
    }

    /// "BBROnEnterRTO": all that was in flight counts as lost, so a single packet may go.
    @Override
    public void onTimeout(long nowNanos) {
        saveWindow();
        recovering = false;
        timedOut = true;
        window = packetBytes;
    }

    @Override
    public void onIdle(int timeouts) {
        // section 5.4.1: the window stays, the pacer sends no burst
    }

    // ---- ProbeRTT (section 5.3.4.3)

    private void checkProbeRtt(long nowNanos, int flightBytes, DeliveryRate sample) {
        if (state != BbrState.PROBE_RTT && model.isProbeRttDue() && !idleRestart) {
            saveWindow();
            state = BbrState.PROBE_RTT;
            probeRttDoneNanos = 0;
            answers = Answers.PROBE_STOPPING;
            model.startRound(sample);
        }
        if (state == BbrState.PROBE_RTT) {
            sample.onNothingToSend(flightBytes); // "ignore low rate samples during ProbeRTT"
            if (probeRttDoneNanos == 0 && flightBytes <= probeRttWindow()) {
                probeRttDoneNanos = nowNanos + PROBE_RTT_NANOS;
                probeRttRoundDone = false;
                model.startRound(sample);
            } else if (probeRttDoneNanos != 0) {
                probeRttRoundDone |= model.isRoundStart();
                if (probeRttRoundDone) {
                    checkProbeRttDone(nowNanos, sample);
                }
            }
        }
        if (sample.sampleBytes > 0) {
            idleRestart = false;
        }
    }

    private void checkProbeRttDone(long nowNanos, DeliveryRate sample) {
        if (probeRttDoneNanos == 0 || nowNanos <= probeRttDoneNanos) {
            return;
        }
        model.scheduleProbeRtt(nowNanos);
        restoreWindow();
        model.forgetShortTerm();
        if (full.isReached()) {
            startDown(nowNanos, sample);
            state = BbrState.PROBE_BW_CRUISE;
        } else {
            state = BbrState.STARTUP;
        }
    }

    private long probeRttWindow() {
        return Math.max(
                (long) (BbrState.PROBE_RTT.cwndGain * model.bytesInPath(model.rate())),
                (long) MIN_PACKETS * packetBytes);
    }

    // ---- control parameters (section 5.6)

    /// "BBRSetPacingRateWithGain" (section 5.6.2)
    private void setPacingRate(double gain) {
        double rate = gain * model.rate() * PACING_MARGIN;
        if (full.isReached() || rate > pacingRate) {
            pacingRate = rate;
        }
    }

    /// "BBRInflight" of the highest rate (section 5.6.4.2)
    private double flightFor(double gain) {
        if (model.minRttNanos() == 0) {
            return (double) INITIAL_PACKETS * packetBytes;
        }
        return quantized(gain * model.bytesInPath(model.maxRate()));
    }

    /// "BBRQuantizationBudget"
    private double quantized(double flightBytes) {
        double least = Math.max(QUANTA * Pacer.quantumBytes(pacingRate, packetBytes), MIN_PACKETS * packetBytes);
        double bytes = Math.max(flightBytes, least);
        return state == BbrState.PROBE_BW_UP ? bytes + 2 * packetBytes : bytes;
    }

    private double maxFlight() {
        if (model.minRttNanos() == 0) {
            return (double) INITIAL_PACKETS * packetBytes;
        }
        return quantized(state.cwndGain * model.bytesInPath(model.rate()) + model.extraAcked());
    }

    /// "BBRSetCwnd" (section 5.6.4.6)
    private void setWindow(DeliveryRate sample) {
        if (timedOut && model.isRoundStart()) {
            timedOut = false;
            restoreWindow();
        }
        double most = maxFlight();
        if (full.isReached()) {
            window = (long) Math.min(window + sample.ackedBytes, most);
        } else if (window < most || sample.delivered() < INITIAL_PACKETS * packetBytes) {
            window += sample.ackedBytes;
        }
        long least = (long) MIN_PACKETS * packetBytes;
        window = Math.max(window, least);
        if (state == BbrState.PROBE_RTT) {
            window = Math.min(window, probeRttWindow());
        }
        window = Math.min(window, Math.max(cap(), least));
    }

    /// "BBRBoundCwndForModel" (section 5.6.4.7)
    private long cap() {
        long cap =
                switch (state) {
                    case PROBE_BW_DOWN, PROBE_BW_REFILL, PROBE_BW_UP -> bound.bytes();
                    case PROBE_BW_CRUISE, PROBE_RTT -> bound.withHeadroom();
                    case STARTUP, DRAIN -> BbrModel.UNBOUNDED;
                };
        return Math.min(cap, model.shortTermFlight());
    }

    private void saveWindow() {
        boolean modulated = recovering || timedOut || state == BbrState.PROBE_RTT;
        priorWindow = modulated ? Math.max(priorWindow, window) : window;
    }

    private void restoreWindow() {
        window = Math.max(window, priorWindow);
    }
}
