package dev.nearhand.transport.ice;

import dev.nearhand.transport.ice.CandidatePair.State;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Decides which check leaves when, sends it again while no answer comes, and gives it up (RFC 8445 sections 6.1.4.2
/// and 14). What an answer means is the agent's to say.
///
/// Ordinary checks are paced by Ta. Triggered checks and nominations are not: each comes of one authenticated message,
/// so that the other side's own pace bounds them, and a path is found without waiting for a turn.
final class CheckScheduler {
    /// Some 300 ms. It counts only where a path is missing and another pair may work.
    private static final int NOMINATION_PATIENCE_TRANSMISSIONS = 3;

    private static final long SPARE_TIMEOUT_NANOS = 5_000_000_000L;

    private final IceConfig config;
    private final RandomGenerator random;
    private final RoleClaim claim;
    private final CheckMessages messages;
    private final CheckList checkList;
    private final Counters counters;
    private final OutstandingChecks outstanding = new OutstandingChecks();
    private long nextPaceNanos;

    CheckScheduler(
            IceConfig config,
            RandomGenerator random,
            RoleClaim claim,
            CheckMessages messages,
            CheckList checkList,
            Counters counters) {
        this.config = config;
        this.random = random;
        this.claim = claim;
        this.messages = messages;
        this.checkList = checkList;
        this.counters = counters;
    }

    void nominate(long nowNanos, CandidatePair pair) {
        outstanding.add(newCheck(pair, Check.Purpose.NOMINATION, nowNanos, config.checkTimeoutNanos()));
    }

    boolean isNominating() {
        return outstanding.hasAny(Check.Purpose.NOMINATION);
    }

    /// Stops waiting for the answer to a nomination that has been sent several times; whether none is under way then.
    /// Its pair is not tried again by itself.
    boolean giveUpSilentNomination() {
        outstanding.removeIf(check -> {
            boolean isSilent = check.purpose == Check.Purpose.NOMINATION
                    && check.transmissions >= NOMINATION_PATIENCE_TRANSMISSIONS;
            if (isSilent) {
                check.pair.state = State.FAILED;
            }
            return isSilent;
        });
        return !isNominating();
    }

    Check askForConsent(long nowNanos, CandidatePair pair) {
        Check question = newCheck(pair, Check.Purpose.CONSENT, nowNanos, config.consentTimeoutNanos());
        outstanding.add(question);
        return question;
    }

    /// Asks once whether a pair works that is not in use.
    void keepWarm(long nowNanos, CandidatePair pair) {
        outstanding.add(newCheck(pair, Check.Purpose.SPARE, nowNanos, SPARE_TIMEOUT_NANOS));
    }

    void forgetNomination() {
        outstanding.removeIf(check -> check.purpose == Check.Purpose.NOMINATION);
    }

    /// A check has come along a pair, so one in return is likely to pass (RFC 8445 section 7.3.1.4).
    void checkInReturn(long nowNanos, CandidatePair pair) {
        switch (pair.state) {
            case SUCCEEDED -> {}
            case IN_PROGRESS -> {
                // the RFC cancels the check under way and starts another; sending it again does the same, and when it
                // has only just left, as on a local network where both sides start together, nothing is needed
                Check underWay = outstanding.findUnanswered(pair, Check.Purpose.CONNECTIVITY);
                if (underWay == null) {
                    checkList.trigger(pair);
                } else {
                    long soon = Math.max(nowNanos, underWay.lastSentNanos + config.paceNanos());
                    underWay.dueNanos = Math.min(underWay.dueNanos, soon);
                }
            }
            case FROZEN, WAITING, FAILED, SPARE -> checkList.trigger(pair);
        }
    }

    /// The check that a response answers, or null.
    @Nullable
    Check find(TransactionId id) {
        return outstanding.find(id);
    }

    void remove(Check check) {
        outstanding.remove(check);
    }

    /// Takes a check that is given up, or null.
    @Nullable
    Check pollExpired(long nowNanos) {
        return outstanding.pollExpired(nowNanos);
    }

    /// Whether the fate of a pair that is being checked hangs on this check, which is no longer outstanding.
    boolean isLastHope(Check check) {
        return check.purpose == Check.Purpose.CONNECTIVITY
                && check.pair.state == State.IN_PROGRESS
                && outstanding.findUnanswered(check.pair, Check.Purpose.CONNECTIVITY) == null;
    }

    /// What is under way claims the old role: it is asked again in the new one.
    void onRoleSwitched() {
        outstanding.removeIf(check -> check.purpose == Check.Purpose.NOMINATION);
        outstanding.stopSending(check -> check.purpose == Check.Purpose.CONNECTIVITY);
        for (CandidatePair pair : checkList.pairs()) {
            if (pair.state == State.IN_PROGRESS) {
                checkList.trigger(pair);
            }
        }
    }

    /// "The agent MUST remove all Waiting and Frozen candidate pairs" and sends no more checks for those under way.
    /// Here they stay in the list, unchecked, for the day the path is lost.
    void stopChecking() {
        checkList.putBy();
        outstanding.stopSending(check -> check.purpose != Check.Purpose.CONSENT);
    }

    void clear() {
        checkList.clearTriggered();
        outstanding.clear();
    }

    /// The pairs are no more.
    void forget(List<CandidatePair> gone) {
        outstanding.removeIf(check -> gone.contains(check.pair));
    }

    boolean isIdle() {
        return outstanding.isEmpty();
    }

    // --- sending

    /// @param ordinary whether pairs that nobody has asked for have their turn, too
    @Nullable
    Transmit pollTransmit(long nowNanos, ByteBuffer into, boolean ordinary) {
        if (messages.remote() == null) {
            return null;
        }
        Check due = outstanding.nextDue(nowNanos);
        if (due == null) {
            due = nextNewCheck(nowNanos, ordinary);
        }
        return due == null ? null : transmit(nowNanos, due, into);
    }

    private @Nullable Check nextNewCheck(long nowNanos, boolean ordinary) {
        CandidatePair pair = checkList.pollTriggered();
        if (pair == null && ordinary && nowNanos >= nextPaceNanos) {
            pair = checkList.nextOrdinary();
            if (pair != null) {
                nextPaceNanos = nowNanos + config.paceNanos();
            }
        }
        if (pair == null) {
            return null;
        }
        pair.state = State.IN_PROGRESS;
        Check check = newCheck(pair, Check.Purpose.CONNECTIVITY, nowNanos, config.checkTimeoutNanos());
        outstanding.add(check);
        return check;
    }

    private Check newCheck(CandidatePair pair, Check.Purpose purpose, long nowNanos, long lifetimeNanos) {
        return new Check(TransactionId.random(random), pair, purpose, claim.role(), nowNanos, nowNanos + lifetimeNanos);
    }

    private Transmit transmit(long nowNanos, Check check, ByteBuffer into) {
        counters.count("checks.sent");
        check.transmissions++;
        check.lastSentNanos = nowNanos;
        if (check.purpose == Check.Purpose.CONSENT || check.purpose == Check.Purpose.SPARE) {
            check.stopSending(); // the next question is another one
        } else {
            check.rtoNanos = check.transmissions == 1 ? firstRtoNanos() : nextRtoNanos(check);
            check.dueNanos = nowNanos + check.rtoNanos;
        }
        boolean useCandidate = check.purpose == Check.Purpose.NOMINATION;
        int length = messages.writeRequest(into, check.id, check.pair.local, claim, useCandidate);
        return new Transmit(check.pair.path, length);
    }

    /// `MAX (RTO, Ta * (Num-Waiting + Num-In-Progress))`, so that many pairs do not flood a thin line
    /// ([RFC 8445 section 14.3](https://www.rfc-editor.org/rfc/rfc8445#section-14.3)).
    private long firstRtoNanos() {
        return Math.max(config.rtoNanos(), config.paceNanos() * checkList.active());
    }

    private long nextRtoNanos(Check check) {
        return Math.max(check.rtoNanos, Math.min(2 * check.rtoNanos, config.maxRtoNanos()));
    }

    long nextTimeoutNanos(boolean ordinary) {
        long next = outstanding.nextTimeoutNanos();
        boolean paced = messages.remote() != null && ordinary && checkList.nextOrdinary() != null;
        return Math.min(next, paced ? nextPaceNanos : TimerTable.NEVER);
    }
}
