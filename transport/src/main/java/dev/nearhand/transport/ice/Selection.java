package dev.nearhand.transport.ice;

import dev.nearhand.transport.time.TimerTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The pair in use: which it is, who nominates it and when, and that its path still works (RFC 8445 section 8, RFC
/// 7675). What checks find out comes in; which pair data takes, and the state that follows, come of it.
final class Selection {
    /// How long several nominations are one contest, which the best pair wins: some agents nominate all they check.
    /// A nomination that comes later replaces the one before.
    static final long CONTEST_NANOS = 3_000_000_000L;

    private final Progress progress;
    private final RoleClaim claim;
    private final CheckList checkList;
    private final CheckScheduler checks;
    private final Consent consent;
    private final Nomination nomination;
    private @Nullable CandidatePair selected;
    /// The local address of the pair in use went away; `selected` is a guess, or nothing.
    private boolean isGone;
    /// No data may be sent to the other side, which is being looked for.
    private boolean isWithoutConsent;
    /// The other side answers checks of the pair in use, and sends what it has along another one, which is dead.
    private boolean isUnfollowed;
    private long contestEndNanos = TimerTable.NEVER;

    Selection(
            Progress progress,
            RoleClaim claim,
            CheckList checkList,
            CheckScheduler checks,
            Consent consent,
            IceConfig config) {
        this.progress = progress;
        this.claim = claim;
        this.checkList = checkList;
        this.checks = checks;
        this.consent = consent;
        this.nomination = new Nomination(checkList, config);
    }

    @Nullable
    CandidatePair selected() {
        return selected;
    }

    /// A check of a pair was answered: it works.
    void onSucceeded(long nowNanos, CandidatePair pair, boolean isNomination) {
        if (pair.equals(selected) && consent.isRunning()) {
            consent.answered(nowNanos);
            recover();
        }
        if (claim.role() == IceRole.CONTROLLING ? isNomination : isNominatedByOther(pair)) {
            nominated(nowNanos, pair);
        } else if (progress.is(IceState.CHECKING) || progress.is(IceState.DISCONNECTED) && isGone) {
            select(nowNanos, pair);
            progress.setState(IceState.CONNECTED, "a path works");
        }
        nominate(nowNanos);
    }

    /// The other side may have missed the path before this side did, and have nominated another one then.
    private boolean isNominatedByOther(CandidatePair pair) {
        return pair.nominateOnSuccess || pair.isNominated && progress.is(IceState.DISCONNECTED);
    }

    private void recover() {
        isGone = false;
        if (progress.is(IceState.DISCONNECTED) && selected != null && !isUnfollowed) {
            progress.setState(selected.isNominated ? IceState.COMPLETED : IceState.CONNECTED, "the path answers again");
            if (selected.isNominated) {
                checks.stopChecking();
            }
        }
    }

    /// Starts the nomination of the best pair that works, when it is this side's to nominate and none is or is being.
    void nominate(long nowNanos) {
        boolean lost = progress.is(IceState.DISCONNECTED);
        boolean isWanted = progress.is(IceState.CONNECTED) || lost;
        if (claim.role() != IceRole.CONTROLLING || !isWanted || isUnfollowed) {
            return;
        }
        if (checks.isNominating() && !(lost && checks.giveUpSilentNomination())) {
            return;
        }
        CandidatePair best = nomination.choose(nowNanos, lost && !isGone ? selected : null);
        if (best != null) {
            nomination.stopWaiting();
            checks.nominate(nowNanos, best);
        }
    }

    /// A pair is nominated and works. While agents may still nominate all they check, the best of several is used;
    /// after that, the latest.
    void nominated(long nowNanos, CandidatePair pair) {
        boolean isLate = progress.is(IceState.COMPLETED) && nowNanos >= contestEndNanos && !pair.isNominated;
        boolean better = selected == null || !selected.isNominated || pair.priority() >= selected.priority();
        if (isLate) {
            checkList.pairs().forEach(other -> other.isNominated = false);
        }
        pair.isNominated = true;
        pair.nominateOnSuccess = false;
        if (better || isLate || !progress.is(IceState.COMPLETED)) {
            select(nowNanos, pair);
        }
        if (!progress.is(IceState.COMPLETED) && !isUnfollowed) {
            progress.setState(IceState.COMPLETED, "a path is nominated");
            contestEndNanos = nowNanos + CONTEST_NANOS;
        }
        nomination.satisfied();
        checks.stopChecking();
    }

    private void select(long nowNanos, CandidatePair pair) {
        boolean wasRunning = consent.isRunning() && pair.equals(selected);
        use(pair);
        isGone = false;
        isWithoutConsent = false;
        if (!wasRunning) {
            consent.start(nowNanos);
        }
    }

    /// The pair in use is dead: data goes on along another one that works, at once; the controlling side nominates it.
    void leaveFor(long nowNanos, CandidatePair pair) {
        select(nowNanos, pair);
        if (claim.role() == IceRole.CONTROLLING) {
            checks.forgetNomination();
            checks.nominate(nowNanos, pair);
        }
    }

    /// Another pair is better than the one in use, which works: the controlling side nominates it; the controlled side
    /// returns to the one that is nominated.
    void changeTo(long nowNanos, CandidatePair pair) {
        if (claim.role() == IceRole.CONTROLLED) {
            select(nowNanos, pair);
        } else if (!checks.isNominating()) {
            checks.nominate(nowNanos, pair);
        }
    }

    /// Asks for consent out of turn.
    Check ask(long nowNanos, CandidatePair pair) {
        consent.asked(nowNanos);
        return checks.askForConsent(nowNanos, pair);
    }

    /// The other side has asked along a pair: whether this side asks in the same go.
    void onAsked(long nowNanos, CandidatePair pair) {
        boolean isCalm = progress.is(IceState.COMPLETED) || progress.is(IceState.CONNECTED);
        if (isCalm && pair.equals(selected) && consent.mayAskWithAnswer(nowNanos)) {
            ask(nowNanos, pair);
        }
    }

    private void use(CandidatePair pair) {
        boolean isNew = selected == null || !selected.path.equals(pair.path);
        selected = pair;
        if (isNew) {
            progress.emit(new IceEvent.PathSelected(pair.path));
        }
    }

    /// A check has come along a pair other than the one in use: perhaps the other side has had to leave that one.
    void onCheckAlong(long nowNanos, CandidatePair pair) {
        if (progress.isUsable() && selected != null && !pair.equals(selected)) {
            consent.doubt(nowNanos, selected.roundTripNanos);
        }
    }

    /// The connection of a pair has ended: whether it can be opened anew is asked soon.
    void onConnectionLost(long nowNanos, CandidatePair pair) {
        if (progress.isUsable() && pair.equals(selected)) {
            consent.doubt(nowNanos, pair.roundTripNanos);
        }
    }

    /// The path has not answered for too long: every other pair is checked anew.
    void onSilence(long nowNanos) {
        if (!progress.is(IceState.DISCONNECTED)) {
            progress.setState(IceState.DISCONNECTED, "the path has stopped answering");
            nomination.hurry();
            checkList.recheckAllBut(selected, consent.silentSinceNanos());
            CandidatePair other = checkList.bestNominated(selected);
            if (claim.role() == IceRole.CONTROLLED && other != null) {
                nominated(nowNanos, other); // the other side has missed the path first
            }
            nominate(nowNanos);
        }
    }

    /// Data went on along another pair, and the other side's has not come after it, though checks are answered. Nothing
    /// but a restart helps then, unless the pair that it keeps to comes back to life.
    void onUnfollowed() {
        isUnfollowed = true;
        progress.setState(
                IceState.DISCONNECTED,
                "the other side does not follow to a path that works; an ICE restart makes it choose anew");
    }

    /// What the other side sends gets here.
    void onFollowed() {
        if (isUnfollowed) {
            isUnfollowed = false;
            recover();
        }
    }

    boolean isWithoutConsent() {
        return isWithoutConsent;
    }

    /// Nothing has come back for so long that nothing may be sent any more but checks, which go on: along whichever
    /// pair answers first, data goes on.
    void onConsentExpired(String reason) {
        consent.stop();
        selected = null;
        isGone = true;
        isUnfollowed = false;
        isWithoutConsent = true;
        if (!progress.is(IceState.DISCONNECTED)) {
            progress.setState(IceState.DISCONNECTED, reason);
        }
        nomination.hurry();
        checks.clear();
        checkList.forgetAll();
    }

    /// Pairs are gone with their local address. When one of them was in use, data goes on along one that has worked
    /// before, at once and on trust, until the first that proves itself.
    void onGone(long nowNanos, List<CandidatePair> gone) {
        if (selected == null || !gone.contains(selected)) {
            return;
        }
        selected = null;
        CandidatePair guess = checkList.bestSucceeded(null);
        if (guess != null) {
            use(guess);
        }
        if (!progress.isUsable()) {
            return; // a restart is looking for a path anyway
        }
        isGone = true;
        isUnfollowed = false;
        consent.startUnproven(nowNanos);
        if (!progress.is(IceState.DISCONNECTED)) {
            progress.setState(IceState.DISCONNECTED, "the address in use is gone");
        }
        nomination.hurry();
        checkList.recheckAllBut(null, nowNanos);
        nominate(nowNanos);
    }

    /// Nominates what has waited long enough, and asks for consent when it is time.
    void handleTimeout(long nowNanos) {
        if (nomination.isDue(nowNanos)) {
            nominate(nowNanos);
            nomination.stopWaiting();
        }
        if (consent.isDue(nowNanos)) {
            consent.asked(nowNanos);
            if (selected != null) {
                checks.askForConsent(nowNanos, selected);
            }
        }
    }

    long nextTimeoutNanos(long latestNanos) {
        return Math.min(consent.nextTimeoutNanos(latestNanos), nomination.nextTimeoutNanos());
    }

    /// The search begins anew; the path in use stays until another one is found.
    void restart() {
        consent.stop();
        nomination.stopWaiting();
        isGone = false;
        isUnfollowed = false;
        isWithoutConsent = false;
    }

    void stop() {
        restart();
        selected = null;
    }
}
