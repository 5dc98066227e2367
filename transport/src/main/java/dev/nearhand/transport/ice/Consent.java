package dev.nearhand.transport.ice;

import dev.nearhand.transport.time.SharedTick;
import dev.nearhand.transport.time.TimerTable;
import java.util.random.RandomGenerator;

/// When to ask whether the other side still wants to be sent to, and what its silence means (RFC 7675 section 5.1).
final class Consent {
    /// How long a path that is in doubt may stay silent: some six questions.
    private static final long DOUBT_NANOS = 800_000_000L;

    private static final long DOUBT_RETRY_NANOS = 150_000_000L;

    /// A path that has answered is not doubted again so soon.
    private static final long DOUBT_REST_NANOS = 300_000_000L;

    private static final double LEAST = 0.8;
    private static final double MOST = 1.2;

    private final IceConfig config;
    private final RandomGenerator random;
    private boolean isRunning;
    private boolean isDoubted;
    private long doubtNanos;
    private long nextNanos;
    private long latestAnswerNanos;
    /// When the oldest question was asked to which no answer has come since, or NEVER.
    private long unansweredSinceNanos;

    Consent(IceConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
    }

    /// A path has just proved that it works.
    void start(long nowNanos) {
        isRunning = true;
        answered(nowNanos);
    }

    void stop() {
        isRunning = false;
    }

    boolean isRunning() {
        return isRunning;
    }

    /// When the oldest question was asked that has not been answered, or NEVER.
    long silentSinceNanos() {
        return unansweredSinceNanos;
    }

    boolean isDue(long nowNanos) {
        return isRunning && nextNanos <= nowNanos;
    }

    /// Something speaks against the path: it is asked about now, several times, and its silence means something soon.
    ///
    /// @param roundTripNanos how long an answer takes on it
    void doubt(long nowNanos, long roundTripNanos) {
        if (isRunning && !isDoubted) {
            isDoubted = true;
            doubtNanos = Math.max(DOUBT_NANOS, 4 * roundTripNanos);
            nextNanos = Math.max(nowNanos, latestAnswerNanos + DOUBT_REST_NANOS);
        }
    }

    /// The path is another one from now on, which has not answered yet.
    void startUnproven(long nowNanos) {
        isDoubted = false;
        unansweredSinceNanos = nowNanos;
        nextNanos = nowNanos;
    }

    /// Asked; asks again soon unless an answer comes.
    void asked(long nowNanos) {
        if (unansweredSinceNanos == TimerTable.NEVER) {
            unansweredSinceNanos = nowNanos;
        }
        boolean isUrgent = isDoubted && !isMissing(nowNanos);
        nextNanos = nowNanos + (isUrgent ? DOUBT_RETRY_NANOS : randomised(config.consentRetryNanos()));
    }

    void answered(long nowNanos) {
        latestAnswerNanos = nowNanos;
        unansweredSinceNanos = TimerTable.NEVER;
        isDoubted = false;
        nextNanos = nextQuestionNanos(nowNanos);
    }

    /// The other side has asked along the path: where this side's own question would come soon, it may as well leave
    /// with the answer: an idle connection then wakes half as often.
    boolean mayAskWithAnswer(long nowNanos) {
        return isRunning
                && !isDoubted
                && unansweredSinceNanos == TimerTable.NEVER
                && nowNanos - latestAnswerNanos >= LEAST * config.consentIntervalNanos();
    }

    boolean isMissing(long nowNanos) {
        return isRunning
                && unansweredSinceNanos != TimerTable.NEVER
                && nowNanos - unansweredSinceNanos >= patienceNanos();
    }

    private long patienceNanos() {
        return isDoubted ? doubtNanos : config.disconnectNanos();
    }

    boolean isExpired(long nowNanos) {
        return isRunning && nowNanos - latestAnswerNanos >= config.consentTimeoutNanos();
    }

    long nextTimeoutNanos(long nowNanos) {
        if (!isRunning) {
            return TimerTable.NEVER;
        }
        long next = Math.min(nextNanos, latestAnswerNanos + config.consentTimeoutNanos());
        boolean missingLater = unansweredSinceNanos != TimerTable.NEVER && !isMissing(nowNanos);
        return missingLater ? Math.min(next, unansweredSinceNanos + patienceNanos()) : next;
    }

    /// "Each interval MUST be randomized from between 0.8 and 1.2 times": so that many agents do not fall in step.
    private long randomised(long nanos) {
        return (long) (nanos * (LEAST + (MOST - LEAST) * random.nextDouble()));
    }

    /// Within the same bounds at a time that other connections have, too, where there is one.
    private long nextQuestionNanos(long nowNanos) {
        long interval = config.consentIntervalNanos();
        return SharedTick.within(
                nowNanos + (long) (LEAST * interval),
                nowNanos + randomised(interval),
                nowNanos + (long) (MOST * interval));
    }
}
