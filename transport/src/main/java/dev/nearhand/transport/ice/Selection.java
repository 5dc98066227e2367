package dev.nearhand.transport.ice;

import org.jspecify.annotations.Nullable;

/// The pair in use: which it is, who nominates it and when, and that its path still works (RFC 8445 section 8, RFC
/// 7675). What checks find out comes in; which pair data takes, and the state that follows, come of it.
final class Selection {
    private final Progress progress;
    private final RoleClaim claim;
    private final CheckList checkList;
    private final CheckScheduler checks;
    private final Consent consent;
    private final Nomination nomination;
    private @Nullable CandidatePair selected;

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
        } else if (progress.is(IceState.CHECKING)) {
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
        if (progress.is(IceState.DISCONNECTED) && selected != null) {
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
        if (claim.role() != IceRole.CONTROLLING || !isWanted || checks.isNominating()) {
            return;
        }
        CandidatePair best = nomination.choose(nowNanos, lost ? selected : null);
        if (best != null) {
            nomination.stopWaiting();
            checks.nominate(nowNanos, best);
        }
    }

    /// A pair is nominated and works. Of several the best is used, as some agents nominate every pair they check.
    void nominated(long nowNanos, CandidatePair pair) {
        pair.isNominated = true;
        pair.nominateOnSuccess = false;
        boolean better = selected == null || !selected.isNominated || pair.priority() >= selected.priority();
        if (better || progress.is(IceState.CHECKING) || progress.is(IceState.DISCONNECTED)) {
            select(nowNanos, pair);
        }
        if (!progress.is(IceState.COMPLETED)) {
            progress.setState(IceState.COMPLETED, "a path is nominated");
        }
        nomination.stopWaiting();
        checks.stopChecking();
    }

    private void select(long nowNanos, CandidatePair pair) {
        boolean isNew = selected == null || !selected.path.equals(pair.path);
        boolean wasRunning = consent.isRunning() && pair.equals(selected);
        selected = pair;
        if (!wasRunning) {
            consent.start(nowNanos);
        }
        if (isNew) {
            progress.emit(new IceEvent.PathSelected(pair.path));
        }
    }

    /// The path has not answered for some seconds: every other pair is checked anew.
    void onSilence() {
        if (!progress.is(IceState.DISCONNECTED)) {
            progress.setState(IceState.DISCONNECTED, "the path has stopped answering");
            checkList.recheckAllBut(selected);
        }
    }

    /// Nominates what has waited long enough, and asks for consent when it is time.
    void handleTimeout(long nowNanos) {
        if (nomination.isDue(nowNanos)) {
            nominate(nowNanos);
            nomination.stopWaiting();
        }
        if (consent.isDue(nowNanos) && selected != null) {
            consent.asked(nowNanos);
            checks.askForConsent(nowNanos, selected);
        }
    }

    long nextTimeoutNanos(long latestNanos) {
        return Math.min(consent.nextTimeoutNanos(latestNanos), nomination.nextTimeoutNanos());
    }

    /// The search begins anew; the path in use stays until another one is found.
    void restart() {
        consent.stop();
        nomination.stopWaiting();
    }

    void stop() {
        restart();
        selected = null;
    }
}
