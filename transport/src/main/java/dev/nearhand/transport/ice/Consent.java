package dev.nearhand.transport.ice;

import dev.nearhand.transport.time.TimerTable;
import java.util.random.RandomGenerator;

/// When to ask whether the other side still wants to be sent to, and what its silence means (RFC 7675 section 5.1).
final class Consent {
    private final IceConfig config;
    private final RandomGenerator random;
    private boolean isRunning;
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

    boolean isDue(long nowNanos) {
        return isRunning && nextNanos <= nowNanos;
    }

    /// Asked; asks again soon unless an answer comes.
    void asked(long nowNanos) {
        if (unansweredSinceNanos == TimerTable.NEVER) {
            unansweredSinceNanos = nowNanos;
        }
        nextNanos = nowNanos + randomised(config.consentRetryNanos());
    }

    void answered(long nowNanos) {
        latestAnswerNanos = nowNanos;
        unansweredSinceNanos = TimerTable.NEVER;
        nextNanos = nowNanos + randomised(config.consentIntervalNanos());
    }

    boolean isMissing(long nowNanos) {
        return isRunning
                && unansweredSinceNanos != TimerTable.NEVER
                && nowNanos - unansweredSinceNanos >= config.disconnectNanos();
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
        return missingLater ? Math.min(next, unansweredSinceNanos + config.disconnectNanos()) : next;
    }

    /// "Each interval MUST be randomized from between 0.8 and 1.2 times": so that many agents do not fall in step.
    private long randomised(long nanos) {
        return (long) (nanos * (0.8 + 0.4 * random.nextDouble()));
    }
}
