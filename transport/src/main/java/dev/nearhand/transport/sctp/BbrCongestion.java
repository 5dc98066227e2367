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
    private static final long PROBE_RTT_NANOS = 200_000_000L;

    /// Quanta of the pacer that fit into the least window (section 5.5.8).
    private static final int QUANTA = 3;

    /// "BBR.ack_phase" (section 5.3.3.6), as far as something depends on it.
    private enum Answers {
        OTHER,
        PROBE_STOPPING
    }

    private final int packetBytes;
    private final BbrModel model = new BbrModel();
    private final BbrFullPipe full = new BbrFullPipe();
    private final BbrLosses losses;
    private final BbrFlightBound bound;
    private final BbrWindow window;
    private final BbrPacing pacing;
    private final BbrProbeTimer probeTimer;
    private final BbrQueueLimit queue = new BbrQueueLimit();
    private final BbrCompetition competition;

    private BbrState state = BbrState.STARTUP;

    private Answers answers = Answers.OTHER;
    private boolean probeUnanswered;

    private boolean idleRestart;
    private long probeRttDoneNanos;
    private boolean probeRttRoundDone;
    private long windowFilledDelivered = -1;

    /// Whether it is the bound that limits the flow: seen before the bound is raised for what this SACK acknowledges,
    /// which would make the window seem smaller than it. So a probe goes on as long as the bound has to grow.
    private boolean boundLimited;

    BbrCongestion(int packetBytes, RandomGenerator random) {
        this.packetBytes = packetBytes;
        this.losses = new BbrLosses(packetBytes);
        this.bound = new BbrFlightBound(packetBytes);
        this.window = new BbrWindow(packetBytes);
        this.pacing = new BbrPacing(packetBytes);
        this.probeTimer = new BbrProbeTimer(random);
        this.competition = new BbrCompetition(packetBytes);
    }

    BbrState state() {
        return state;
    }

    BbrModel model() {
        return model;
    }

    /// Whether others keep the queue full, so that this takes at least what CUBIC would.
    boolean isCompeting() {
        return competition.isOn();
    }

    @Override
    public int windowBytes() {
        long bytes = isYielding() ? window.bytes() : Math.max(window.bytes(), competition.windowBytes());
        return (int) Math.min(bytes, BbrWindow.MAX_BYTES);
    }

    /// Whether less is sent than the path carries, for a reason that CUBIC does not know.
    private boolean isYielding() {
        return state == BbrState.PROBE_RTT || window.isTimedOut();
    }

    /// Bursts are the pacer's to bound.
    @Override
    public int burstBytes() {
        return BbrWindow.MAX_BYTES;
    }

    @Override
    public double pacingBytesPerSecond() {
        double rate = pacing.allowedRate();
        return isYielding() ? rate : Math.max(rate, competition.pacingRate(pacing));
    }

    @Override
    public void onMeasured(long rttNanos, long smoothed) {
        pacing.onMeasured(smoothed, model.maxRate() > 0);
        competition.onMeasured(rttNanos, smoothed);
    }

    @Override
    public void onAcknowledged(
            long nowNanos, int ackedBytes, int flightBytes, boolean cumulativeAdvanced, boolean recovering) {
        competition.onAcknowledged(nowNanos, ackedBytes, flightBytes, cumulativeAdvanced, recovering);
    }

    /// "BBRHandleRestartFromIdle" (section 5.4.1), and whether the window is ever full.
    @Override
    public void onSend(long nowNanos, int flightBytes, DeliveryRate sample) {
        if (flightBytes == 0 && sample.isAppLimited()) {
            idleRestart = true;
            model.restartExtraAcked(nowNanos);
            if (state.isProbeBw()) {
                pacing.follow(1, model.rate(), full.isReached());
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
            probeTimer.onRound();
        }
        boundLimited = windowFilledDelivered >= sample.deliveredWhenSent && window.bytes() >= bound.bytes();
        if (sample.rttNanos > 0) {
            queue.onMeasured(sample.rttNanos);
            competition.onSample(nowNanos, sample.rttNanos, model.minRttNanos(), state == BbrState.PROBE_RTT);
        }
        if (state == BbrState.STARTUP && model.isRoundStart() && losses.endStartupRound(sample)) {
            full.setReached();
            bound.set(Math.max((long) model.bytesInPath(model.maxRate()), model.latestFlight()));
        }
        model.adaptToLoss(state.isProbing(), window.bytes());
        model.updateExtraAcked(nowNanos, sample.ackedBytes, window.bytes(), full.isReached());
        full.onSample(sample, model.isRoundStart());
        if (state == BbrState.STARTUP && full.isReached()) {
            startDrain();
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
        pacing.follow(state.pacingGain, model.rate(), full.isReached());
        setWindow(sample);
    }

    /// Section 5.3.2
    private void startDrain() {
        state = BbrState.DRAIN;
        if (bound.bytes() == BbrModel.UNBOUNDED && queue.isExceeded(model.minRttNanos())) {
            // the queue that tells of the end of Startup tells how much is too much, too
            double limit = (double) BbrQueueLimit.limitNanos(model.minRttNanos()) / model.minRttNanos();
            bound.set((long) (limit * model.bytesInPath(model.maxRate())));
        }
    }

    // ---- ProbeBW (section 5.3.3)

    private void startDown(long nowNanos, DeliveryRate sample) {
        model.forgetSignals();
        probeTimer.restart(nowNanos);
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
        bound.raiseSlope(window.bytes());
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

    private boolean isTimeToProbe(long nowNanos) {
        return probeTimer.isDue(nowNanos, targetFlight() / packetBytes);
    }

    /// "BBRTargetInflight"
    private double targetFlight() {
        return Math.min(model.bytesInPath(model.rate()), window.bytes());
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
        boolean queued = queue.isExceeded(model.minRttNanos());
        if (state == BbrState.PROBE_BW_UP && queued && probeUnanswered) {
            long within = queue.within(sample.flightWhenSent, model.minRttNanos());
            onFlightTooHigh(nowNanos, within, sample.appLimited, sample);
        } else if (losses.isFlightTooHigh(sample.lostSinceSent, sample.flightWhenSent)) {
            if (probeUnanswered) {
                onFlightTooHigh(nowNanos, sample.flightWhenSent, sample.appLimited, sample);
            }
        } else if (bound.bytes() != BbrModel.UNBOUNDED) {
            if (!queued) {
                bound.onCarried(sample.flightWhenSent);
            }
            if (state == BbrState.PROBE_BW_UP && boundLimited) {
                bound.raise(sample.ackedBytes, window.bytes(), model.isRoundStart());
            }
        }
    }

    // ---- losses (section 5.5.10)

    /// "BBRHandleLostPacket" (section 5.5.10.2)
    @Override
    public void onChunkLost(long nowNanos, SentChunk chunk, DeliveryRate sample) {
        losses.onChunkLost(chunk);
        model.onLoss(sample);
        if (state != BbrState.STARTUP && state != BbrState.DRAIN) {
            competition.onChunkLost(nowNanos, model.minRttNanos(), pacing.smoothedNanos(), window.bytes());
        }
        long lost = sample.lostSince(chunk);
        if (probeUnanswered && losses.isFlightTooHigh(lost, chunk.flightWhenSent)) {
            onFlightTooHigh(nowNanos, BbrLosses.flightAt(chunk, lost), chunk.appLimited, sample);
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

    @Override
    public void onLoss(long nowNanos) {
        competition.onLoss(nowNanos);
        window.onLoss(state);
    }

    @Override
    public void onRecovered() {
        window.onRecovered();
    }

    @Override
    public void onTimeout(long nowNanos) {
        competition.onTimeout(nowNanos);
        window.onTimeout(state);
    }

    @Override
    public void onIdle(int timeouts) {
        // section 5.4.1: the window stays, the pacer sends no burst
    }

    // ---- ProbeRTT (section 5.3.4.3)

    private void checkProbeRtt(long nowNanos, int flightBytes, DeliveryRate sample) {
        if (state != BbrState.PROBE_RTT && model.isProbeRttDue() && !idleRestart) {
            window.save(state);
            state = BbrState.PROBE_RTT;
            competition.beginLook();
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
        window.restore();
        competition.endLook(window.bytes());
        model.forgetShortTerm();
        if (full.isReached()) {
            startDown(nowNanos, sample);
            state = BbrState.PROBE_BW_CRUISE;
        } else {
            state = BbrState.STARTUP;
        }
    }

    private long probeRttWindow() {
        return Math.max((long) (BbrState.PROBE_RTT.cwndGain * model.bytesInPath(model.rate())), window.leastBytes());
    }

    // ---- control parameters (section 5.6)

    /// "BBRInflight" of the highest rate (section 5.6.4.2)
    private double flightFor(double gain) {
        if (model.minRttNanos() == 0) {
            return (double) BbrWindow.INITIAL_PACKETS * packetBytes;
        }
        return quantized(gain * model.bytesInPath(model.maxRate()));
    }

    /// "BBRQuantizationBudget"
    private double quantized(double flightBytes) {
        double least = Math.max(QUANTA * Pacer.quantumBytes(pacing.rate(), packetBytes), window.leastBytes());
        double bytes = Math.max(flightBytes, least);
        return state == BbrState.PROBE_BW_UP ? bytes + 2 * packetBytes : bytes;
    }

    private double maxFlight() {
        if (model.minRttNanos() == 0) {
            return (double) BbrWindow.INITIAL_PACKETS * packetBytes;
        }
        return quantized(state.cwndGain * model.bytesInPath(model.rate()) + model.extraAcked());
    }

    private void setWindow(DeliveryRate sample) {
        if (model.isRoundStart()) {
            window.onRoundStart();
        }
        long cap = state == BbrState.PROBE_RTT ? Math.min(cap(), probeRttWindow()) : cap();
        window.follow(sample, maxFlight(), full.isReached(), cap);
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
}
