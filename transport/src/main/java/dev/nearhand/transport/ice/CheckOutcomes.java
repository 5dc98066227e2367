package dev.nearhand.transport.ice;

import dev.nearhand.transport.ice.CandidatePair.State;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.wire.Path;

/// What becomes of a pair when its check is answered, refused or given up (RFC 8445 section 7.2.5).
final class CheckOutcomes {
    private final CheckMessages messages;
    private final CheckScheduler checks;
    private final CheckList checkList;
    private final RoleClaim claim;
    private final Selection selection;
    private final Failover failover;
    private final Counters counters;

    CheckOutcomes(
            CheckMessages messages,
            CheckScheduler checks,
            CheckList checkList,
            RoleClaim claim,
            Selection selection,
            Failover failover,
            Counters counters) {
        this.messages = messages;
        this.checks = checks;
        this.checkList = checkList;
        this.claim = claim;
        this.selection = selection;
        this.failover = failover;
        this.counters = counters;
    }

    void onResponse(long nowNanos, StunParse.Received received, Path path) {
        Check check = checks.find(received.message().transactionId());
        if (check == null) {
            counters.count("dropped.unknownTransaction");
            return;
        }
        if (!messages.isFromRemote(received)) {
            counters.count("dropped.badIntegrity"); // "MUST be discarded, as if it was never received"
            return;
        }
        checks.remove(check);
        check.pair.isHeardFrom = true;
        boolean isSuccess = received.message().messageClass() == StunClass.SUCCESS_RESPONSE;
        if (isSuccess
                && isSymmetric(check, path)
                && CheckMessages.unknownIn(received.message()).isEmpty()) {
            counters.count("checks.succeeded");
            onSuccess(nowNanos, check);
        } else {
            onFailure(nowNanos, check, received.message());
        }
    }

    /// "The source address of the response MUST equal the destination of the request" and the other way round.
    private static boolean isSymmetric(Check check, Path path) {
        return check.pair.path.equals(path);
    }

    private void onSuccess(long nowNanos, Check check) {
        CandidatePair pair = check.pair;
        if (check.transmissions == 1) {
            pair.roundTripNanos = nowNanos - check.lastSentNanos;
        }
        pair.state = State.SUCCEEDED;
        pair.succeededNanos = nowNanos;
        checkList.thawFoundationOf(pair);
        selection.onSucceeded(nowNanos, pair, check.purpose == Check.Purpose.NOMINATION);
        failover.onAnswer(nowNanos, check);
    }

    private void onFailure(long nowNanos, Check check, StunMessage response) {
        ErrorCode error = response.find(ErrorCode.class);
        if (error != null && error.code() == ErrorCode.ROLE_CONFLICT) {
            // "the agent MUST switch" away from the role that the request had claimed; it may have done so meanwhile
            counters.count("roleConflict.received");
            boolean asksAgain = checks.isLastHope(check);
            if (check.role == claim.role()) {
                claim.yield();
                onRoleSwitched(nowNanos);
            }
            if (asksAgain) {
                checkList.trigger(check.pair);
            }
            selection.nominate(nowNanos);
            return;
        }
        counters.count("checks.failed");
        if (checks.isLastHope(check) || check.purpose == Check.Purpose.NOMINATION) {
            check.pair.state = State.FAILED;
        }
        selection.nominate(nowNanos);
    }

    /// This side has taken the other role.
    void onRoleSwitched(long nowNanos) {
        counters.count("roleConflict.switched");
        checkList.updatePriorities(claim.role());
        checks.onRoleSwitched();
        selection.nominate(nowNanos);
    }

    /// Gives up what has waited for its answer too long.
    void handleTimeout(long nowNanos) {
        for (Check lost = checks.pollExpired(nowNanos); lost != null; lost = checks.pollExpired(nowNanos)) {
            onTimedOut(nowNanos, lost);
        }
    }

    private void onTimedOut(long nowNanos, Check check) {
        counters.count("checks.timedOut");
        boolean isRefusedNomination =
                check.purpose == Check.Purpose.NOMINATION && !check.pair.equals(selection.selected());
        if (checks.isLastHope(check) || isRefusedNomination) {
            check.pair.state = State.FAILED;
        }
        selection.nominate(nowNanos);
    }
}
