package dev.nearhand.transport.ice;

import dev.nearhand.transport.ice.CandidatePair.State;
import dev.nearhand.transport.time.TimerTable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Moves a nominated connection to another pair that is known to work: at once when the one in use is dead, and after a
/// while when the other is clearly better.
///
/// The controlling side nominates once more. The controlled side goes on along a spare pair when its own is silent,
/// and back to the one that is nominated when that works again. docs/rfc/ice.md has the figures.
final class Failover {
    private static final long SECOND = 1_000_000_000;

    /// How late an answer to a question for consent may be.
    private static final long CONSENT_LATE_NANOS = SECOND / 2;

    private static final int BETTER_SAMPLES = 4;
    /// How long a direct pair has to be good to take over from a relay.
    private static final long STEADY_NANOS = 3 * SECOND;
    /// How long a round trip has to be shorter: a queue that is full for a moment is no reason to leave.
    private static final long STEADY_ROUND_TRIP_NANOS = 15 * SECOND;
    /// Between two answers of a pair that is good.
    private static final long MAX_GAP_NANOS = SECOND * 18 / 10;
    /// A pair that has died is trusted the later the more often.
    private static final int MAX_DOUBLINGS = 4;

    private static final long ROUND_TRIP_GAIN_NANOS = 30_000_000;

    private final Progress progress;
    private final RoleClaim claim;
    private final Selection selection;
    private final Consent consent;
    private final Counters counters;
    private final SparePairs spares;
    private final PathWatch watch = new PathWatch();
    private final Following following = new Following();
    private @Nullable CandidatePair hint;

    Failover(
            Progress progress,
            RoleClaim claim,
            CheckList checkList,
            CheckScheduler checks,
            Selection selection,
            Consent consent,
            Counters counters,
            RandomGenerator random) {
        this.progress = progress;
        this.claim = claim;
        this.selection = selection;
        this.consent = consent;
        this.counters = counters;
        this.spares = new SparePairs(checkList, checks, random);
    }

    /// The pair in use when there may be another one, or null.
    private @Nullable CandidatePair watched() {
        CandidatePair selected = progress.is(IceState.COMPLETED) && consent.isRunning() ? selection.selected() : null;
        watch.follow(selected);
        return selected;
    }

    // --- what happens

    void onSent(long nowNanos) {
        CandidatePair selected = watched();
        if (selected == null) {
            return;
        }
        following.onSent(nowNanos, selected);
        if (spares.hasAny()) {
            watch.onSent(nowNanos);
        }
    }

    /// Something has come along a pair that is no check.
    void onHeard(long nowNanos, CandidatePair pair) {
        following.onHeard(pair);
        selection.onFollowed();
        CandidatePair selected = watched();
        if (pair.equals(selected)) {
            watch.onHeard();
        } else if (selected != null) {
            onOtherPairUsed(nowNanos, pair);
        }
    }

    /// A check has come along a pair; whether it is one that need not mean anything: other agents keep theirs warm,
    /// too.
    boolean onCheck(long nowNanos, CandidatePair pair) {
        CandidatePair selected = watched();
        if (pair.equals(selected)) {
            watch.onHeard();
        }
        boolean isKnown = selected != null && pair.hasBeenChecked && pair.state == State.SUCCEEDED;
        pair.hasBeenChecked = true;
        if (isKnown && !pair.equals(selected)) {
            onOtherPairUsed(nowNanos, pair);
        }
        return isKnown;
    }

    private void onOtherPairUsed(long nowNanos, CandidatePair pair) {
        if (watch.onOtherPairUsed(nowNanos)) {
            hint = pair;
        }
    }

    /// A check was answered.
    void onAnswer(long nowNanos, Check check) {
        CandidatePair selected = watched();
        CandidatePair pair = check.pair;
        if (selected == null) {
            return;
        }
        if (pair.equals(selected)) {
            watch.onAnswer(nowNanos, check);
        } else if (watch.isBad(nowNanos)) {
            onDead(nowNanos, selected);
        } else if (isBetter(pair, selected)) {
            onBetter(nowNanos, pair, selected);
        } else {
            pair.betterCount = 0;
        }
    }

    private void onBetter(long nowNanos, CandidatePair pair, CandidatePair selected) {
        if (pair.betterCount == 0 || nowNanos - pair.latestBetterNanos > MAX_GAP_NANOS) {
            pair.betterCount = 0;
            pair.betterSinceNanos = nowNanos;
        }
        pair.betterCount++;
        pair.latestBetterNanos = nowNanos;
        spares.onPromising(nowNanos, pair, selected);
        boolean isSteady = nowNanos - pair.betterSinceNanos >= steadyNanos(pair, selected);
        if (isSteady && pair.betterCount >= BETTER_SAMPLES && !watch.isSuspicious()) {
            pair.betterCount = 0;
            counters.count("pairs.switched");
            counters.count("pairs.switched.better");
            selection.changeTo(nowNanos, pair);
        }
    }

    private static long steadyNanos(CandidatePair pair, CandidatePair selected) {
        boolean isByRoundTrip =
                pair.isNominated == selected.isNominated && pair.isSecondChoice() == selected.isSecondChoice();
        return (isByRoundTrip ? STEADY_ROUND_TRIP_NANOS : STEADY_NANOS) << Math.min(pair.deaths, MAX_DOUBLINGS);
    }

    private boolean isBetter(CandidatePair pair, CandidatePair selected) {
        if (claim.role() == IceRole.CONTROLLED) {
            return pair.isNominated && !selected.isNominated;
        }
        if (pair.isSecondChoice() != selected.isSecondChoice() || pair.path.stream()) {
            return selected.isSecondChoice() && !pair.isSecondChoice();
        }
        return pair.roundTripNanos > 0
                && 2 * pair.roundTripNanos <= selected.roundTripNanos
                && selected.roundTripNanos - pair.roundTripNanos >= ROUND_TRIP_GAIN_NANOS;
    }

    // --- time

    void handleTimeout(long nowNanos) {
        CandidatePair selected = watched();
        if (selected == null) {
            spares.stop();
            following.rest();
            return;
        }
        if (following.isMissed(nowNanos)) {
            counters.count("pairs.unfollowed");
            selection.onUnfollowed();
            return;
        }
        spares.handleTimeout(nowNanos, selected);
        if (nowNanos >= consentLateNanos() && spares.hasAny()) {
            watch.onConsentLate(nowNanos);
        }
        if (watch.isQuestionDue(nowNanos)) {
            if (!watch.isWorrying()) {
                counters.count("pairs.suspected");
            }
            watch.asked(nowNanos, selection.ask(nowNanos, selected));
            if (watch.isWorrying()) {
                spares.askAllUnheardSince(nowNanos, watch.sinceNanos(), selected);
                askHint(nowNanos, selected);
            }
        }
        if (watch.isBad(nowNanos)) {
            onDead(nowNanos, selected);
        }
    }

    private void askHint(long nowNanos, CandidatePair selected) {
        CandidatePair pair = hint;
        if (pair != null && !pair.equals(selected) && !SparePairs.hasAnsweredSince(pair, watch.sinceNanos())) {
            spares.ask(nowNanos, pair);
        }
    }

    private void onDead(long nowNanos, CandidatePair selected) {
        CandidatePair other = spares.best(selected, watch.sinceNanos());
        if (other == null) {
            return;
        }
        selected.state = State.FAILED;
        selected.deaths++;
        selected.betterCount = 0;
        hint = null;
        counters.count("pairs.switched");
        counters.count("pairs.switched.silent");
        selection.leaveFor(nowNanos, other);
        watched();
    }

    private long consentLateNanos() {
        long asked = consent.silentSinceNanos();
        return watch.isSuspicious() || asked == TimerTable.NEVER ? TimerTable.NEVER : asked + CONSENT_LATE_NANOS;
    }

    long nextTimeoutNanos(long latestNanos) {
        if (watched() == null) {
            return TimerTable.NEVER;
        }
        long late = spares.hasAny() ? consentLateNanos() : TimerTable.NEVER;
        long next = spares.isRunning() ? spares.nextTimeoutNanos() : latestNanos;
        next = Math.min(next, following.nextTimeoutNanos());
        return Math.min(late, Math.min(next, watch.nextTimeoutNanos(latestNanos)));
    }
}
