package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.SentChunk.State;
import dev.nearhand.transport.sctp.packet.SackChunk;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Serial32;

/// What becomes of what was sent: acknowledged, lost, given up; takes SACKs and the timers that stand for their absence
/// ([RFC 9260 sections 6.3 and 7.2.4](https://www.rfc-editor.org/rfc/rfc9260#section-6.3)).
///
/// What is lost is [LossDetector]'s to say, when to probe a silent tail [TailProbe]'s. Sends nothing: that is
/// [DataSender]'s, which looks here for whether a loss is being repaired.
final class LossRecovery {
    private final SendQueue queue;
    private final SentChunks sent;
    private final Abandonment abandonment;
    private final ForwardPlan forward;
    private final CongestionControl congestion;
    private final DeliveryRate rate;
    private final SendBudget budget;
    private final Redundancy redundancy;
    private final RetransmissionTimeout timeout;
    private final PathErrors errors;
    private final PathMtu mtu;
    private final TimerTable<SctpTimer> timers;
    private final Counters counters;
    private final LossDetector losses;
    private final TailProbe probe;

    private boolean recovering;
    private int recoveryExitTsn;
    private int roundEndTsn;
    private int timeoutsWithoutProgress;

    LossRecovery(SendParts parts) {
        this.queue = parts.queue();
        this.sent = parts.sent();
        this.abandonment = parts.abandonment();
        this.forward = parts.forward();
        this.congestion = parts.congestion();
        this.rate = parts.rate();
        this.budget = parts.budget();
        this.redundancy = parts.redundancy();
        this.timeout = parts.timeout();
        this.errors = parts.errors();
        this.mtu = parts.mtu();
        this.timers = parts.timers();
        this.counters = parts.counters();
        this.losses = new LossDetector(sent, timeout);
        this.probe = new TailProbe(sent, timeout, timers);
    }

    /// Nothing that was sent counts any more; [SentChunks] begins anew already.
    void restart() {
        losses.restart();
        recovering = false;
        roundEndTsn = sent.firstTsn();
        stopTimers();
    }

    /// Whether a loss is being repaired.
    boolean isRecovering() {
        return recovering;
    }

    /// Whether T3-rtx has run out and nothing was acknowledged since.
    boolean isPathSilent() {
        return timeoutsWithoutProgress > 0;
    }

    TailProbe probe() {
        return probe;
    }

    /// Takes a SACK.
    void onSack(long nowNanos, SackChunk sack) {
        if (!sent.covers(sack.cumulativeTsn(), counters)) {
            return;
        }
        int flightBefore = sent.flightBytes();
        SentChunks.Outcome outcome = new SentChunks.Outcome(losses.newestOrder());
        sent.acknowledgeTo(sack.cumulativeTsn(), outcome);
        int bad = sent.acknowledgeGaps(sack, outcome);
        if (bad > 0) {
            counters.drop(DropReason.BAD_SACK, bad);
        }
        finishSack(nowNanos, outcome, flightBefore, redundancy.leavesUnexplained(sack.duplicates()));
        budget.setPeerWindow(sack.windowBytes() - sent.flightPayloadBytes());
        if (sack.windowBytes() == 0) {
            errors.onAnswer(); // "the endpoint SHOULD NOT increment the error counter" while it probes a zero window
        }
    }

    /// Takes the cumulative TSN of a SHUTDOWN.
    void onShutdown(long nowNanos, int cumulativeTsn) {
        if (sent.covers(cumulativeTsn, counters)) {
            int flightBefore = sent.flightBytes();
            SentChunks.Outcome outcome = new SentChunks.Outcome(losses.newestOrder());
            sent.acknowledgeTo(cumulativeTsn, outcome);
            finishSack(nowNanos, outcome, flightBefore, false);
        }
    }

    private void finishSack(long nowNanos, SentChunks.Outcome outcome, int flightBefore, boolean duplicates) {
        SentChunk newest = outcome.newest;
        if (outcome.large) {
            mtu.onLargeAcknowledged();
        }
        if (newest != null && newest.transmissions == 1) {
            timeout.onMeasured(nowNanos - newest.sentNanos);
            congestion.onMeasured(nowNanos - newest.sentNanos, timeout.smoothedNanos());
        }
        losses.onSack(nowNanos, outcome, duplicates);
        if (recovering && Serial32.isNewer(sent.firstTsn(), recoveryExitTsn)) {
            recovering = false;
            losses.onRecovered();
            congestion.onRecovered();
        }
        if (newest != null) {
            errors.onAnswer();
            timeoutsWithoutProgress = 0;
            congestion.onAcknowledged(
                    nowNanos, outcome.ackedBytes, flightBefore, outcome.cumulativeAdvanced, recovering);
        }
        if (Serial32.isNewer(sent.firstTsn(), roundEndTsn)) {
            roundEndTsn = sent.nextTsn() - 1;
            congestion.onRound();
        }
        rate.onDelivered(nowNanos, newest, outcome.ackedBytes, losses.minRttNanos());
        boolean repaired = probe.onSack(duplicates);
        findLosses(nowNanos);
        if (newest != null) {
            rate.finish(newest);
            congestion.onSample(nowNanos, sent.flightBytes(), rate);
        }
        if (repaired && !recovering) {
            redundancy.onLoss(nowNanos);
            congestion.onLoss(nowNanos);
        }
        abandonment.advance();
        forward.plan(nowNanos);
        rearm(nowNanos, outcome.cumulativeAdvanced);
        planProbe(nowNanos);
        budget.beginTurn(outcome.ackedBytes);
    }

    private void findLosses(long nowNanos) {
        long again = losses.detect(nowNanos, recovering, chunk -> {
            enterRecovery(nowNanos);
            lose(chunk, nowNanos);
        });
        timers.set(SctpTimer.RACK, again);
    }

    /// The time that something overtaken is waited for is over.
    void onReorderingTimeout(long nowNanos) {
        findLosses(nowNanos);
        abandonment.advance();
        forward.plan(nowNanos);
        planProbe(nowNanos);
        budget.beginTurn(0);
    }

    /// Data was sent or acknowledged.
    void planProbe(long nowNanos) {
        SentChunk last = sent.newestInFlight();
        boolean lone =
                last != null && !last.immediate && sent.flightBytes() <= mtu.basePayloadBytes() - queue.overheadBytes();
        probe.plan(nowNanos, recovering, lone);
    }

    void stopTimers() {
        timers.clear(SctpTimer.T3_RTX);
        timers.clear(SctpTimer.RACK);
        timers.clear(SctpTimer.PACING);
        probe.cancel();
        redundancy.stop();
    }

    private void enterRecovery(long nowNanos) {
        if (!recovering) {
            recovering = true;
            recoveryExitTsn = sent.nextTsn() - 1;
            counters.fastRecoveries++;
            congestion.onLoss(nowNanos);
            // one packet of fast retransmissions goes out "ignoring the value of cwnd"
            budget.grant(mtu.basePayloadBytes());
        }
    }

    private void lose(SentChunk chunk, long nowNanos) {
        if (chunk.large) {
            mtu.onLargeLost(nowNanos);
        }
        redundancy.onLoss(nowNanos);
        rate.onLost(chunk);
        congestion.onChunkLost(nowNanos, chunk, rate);
        repeatOrGiveUp(chunk, nowNanos);
    }

    private void repeatOrGiveUp(SentChunk chunk, long nowNanos) {
        if (abandonment.isGivenUp(chunk, nowNanos)) {
            abandonment.abandon(chunk.message);
        } else {
            sent.setState(chunk, State.LOST);
        }
    }

    private void rearm(long nowNanos, boolean restart) {
        if (sent.isEmpty()) {
            stopTimers();
        } else if (restart) {
            timers.set(SctpTimer.T3_RTX, nowNanos + timeout.nanos());
        }
    }

    /// T3-rtx has run out ([RFC 9260 section 6.3.3](https://www.rfc-editor.org/rfc/rfc9260#section-6.3.3)).
    void onTimeout(long nowNanos) {
        if (sent.isEmpty()) {
            budget.allowWindowProbe();
            return;
        }
        counters.timeouts++;
        errors.onTimeout();
        timeout.backOff();
        congestion.onTimeout(nowNanos);
        recovering = false;
        budget.grant(0);
        timers.clear(SctpTimer.RACK);
        probe.cancel();
        timeoutsWithoutProgress++;
        if (timeoutsWithoutProgress >= 2) {
            sent.loseAllAcked(); // the peer may have reneged
        }
        int end = sent.nextTsn();
        boolean large = false;
        for (int tsn = sent.firstTsn(); tsn != end; tsn++) {
            SentChunk chunk = sent.at(tsn);
            if (chunk.state == State.IN_FLIGHT) {
                large |= chunk.large;
                lose(chunk, nowNanos);
            }
        }
        if (large) {
            mtu.onRetransmissionTimeout(nowNanos);
        }
        abandonment.advance();
        forward.onTimeout();
        timers.set(SctpTimer.T3_RTX, nowNanos + timeout.nanos());
        budget.beginTurn(0);
    }

    /// T1-cookie has run out: all that is in flight is lost or given up. Says nothing about congestion, like the loss
    /// of the COOKIE ECHO itself.
    void loseFlight(long nowNanos) {
        for (SentChunk chunk = sent.oldestInFlight(); chunk != null; chunk = sent.oldestInFlight()) {
            repeatOrGiveUp(chunk, nowNanos);
        }
        budget.beginTurn(0);
    }

    /// The association stands: from now on what went along with COOKIE ECHO is watched like all data.
    void resume(long nowNanos) {
        abandonment.advance();
        forward.plan(nowNanos);
        if (!sent.isEmpty()) {
            timers.set(SctpTimer.T3_RTX, nowNanos + timeout.nanos());
            planProbe(nowNanos);
        }
    }
}
