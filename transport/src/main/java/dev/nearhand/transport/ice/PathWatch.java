package dev.nearhand.transport.ice;

import dev.nearhand.transport.time.TimerTable;
import org.jspecify.annotations.Nullable;

/// Whether the pair in use has turned bad: what speaks against it, the questions that are asked about it then, and how
/// many of them have to stay unanswered until it counts as dead.
///
/// That number follows from how many questions get lost on the pair in good times: four in a row on a clean path, up to
/// eighteen where much is lost, so that a false alarm is as rare on both. Knows nothing of other pairs.
final class PathWatch {
    private static final long MILLIS = 1_000_000;

    /// Something was sent, and nothing at all has come for so long.
    private static final long SILENCE_NANOS = 250 * MILLIS;

    private static final long QUESTION_NANOS = 100 * MILLIS;
    /// How often it is asked about when it counts as dead and there is no other: until consent is missed.
    private static final long HOPELESS_NANOS = 500 * MILLIS;
    /// What has answered is not asked again so soon because of the other side's checks and data along other pairs.
    private static final long REST_NANOS = 1_000 * MILLIS;

    private static final long UNKNOWN_ROUND_TRIP_NANOS = 200 * MILLIS;
    private static final long SLACK_NANOS = 50 * MILLIS;

    private static final double FALSE_ALARM = 1e-5;
    private static final int MIN_QUESTIONS = 3;
    private static final int MAX_QUESTIONS = 18;

    /// Silence was the reason, and something has come after all.
    private static final int MORE_WHEN_HEARD = 2;

    /// As if so many questions had been asked before the first, and this part of them lost.
    private static final double PRIOR_WEIGHT = 8;

    private static final double PRIOR_LOSS = 0.2;
    private static final double REMEMBERED_QUESTIONS = 32;

    private @Nullable CandidatePair watched;
    private boolean isSuspicious;
    /// Whatever else comes makes no difference: one direction may be dead.
    private boolean needsAnswer;
    private long sinceNanos;
    private long nextQuestionNanos;
    private long badNanos;
    private int asked;
    private int needed;
    private long latestAnswerNanos;
    private long unheardSinceNanos = TimerTable.NEVER;
    private @Nullable Check sample;
    private double samples;
    private double samplesLost;

    /// Another pair is in use.
    void follow(@Nullable CandidatePair pair) {
        if (pair != watched) {
            watched = pair;
            samples = 0;
            samplesLost = 0;
            sample = null;
            latestAnswerNanos = 0;
            unheardSinceNanos = TimerTable.NEVER;
            calm();
        }
    }

    void calm() {
        isSuspicious = false;
        needsAnswer = false;
    }

    void onSent(long nowNanos) {
        if (unheardSinceNanos == TimerTable.NEVER) {
            unheardSinceNanos = nowNanos;
        }
    }

    /// Anything of the other side's has come along the pair.
    void onHeard() {
        unheardSinceNanos = TimerTable.NEVER;
        if (isSuspicious && !needsAnswer) {
            needsAnswer = true;
            needed += MORE_WHEN_HEARD;
            badNanos = TimerTable.NEVER;
        }
    }

    void onAnswer(long nowNanos, Check check) {
        if (check == sample) {
            samplesLost--;
            sample = null;
        }
        latestAnswerNanos = nowNanos;
        unheardSinceNanos = TimerTable.NEVER;
        calm();
    }

    /// The other side uses or tries another pair: perhaps this one is dead for it.
    ///
    /// @return whether that is news
    boolean onOtherPairUsed(long nowNanos) {
        boolean isNews = !isSuspicious && nowNanos - latestAnswerNanos >= REST_NANOS;
        if (isNews) {
            suspect(nowNanos, true);
        }
        return isNews;
    }

    /// A question for consent has not been answered.
    void onConsentLate(long nowNanos) {
        if (!isSuspicious) {
            suspect(nowNanos, true);
        }
    }

    private void suspect(long nowNanos, boolean untilAnswered) {
        isSuspicious = true;
        needsAnswer = untilAnswered;
        sinceNanos = nowNanos;
        nextQuestionNanos = nowNanos;
        badNanos = TimerTable.NEVER;
        asked = 0;
        double loss = (PRIOR_LOSS * PRIOR_WEIGHT + samplesLost) / (PRIOR_WEIGHT + samples);
        int rare = (int) Math.ceil(Math.log(FALSE_ALARM) / Math.log(loss));
        needed = Math.clamp(rare, MIN_QUESTIONS, MAX_QUESTIONS);
    }

    boolean isSuspicious() {
        return isSuspicious;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    /// Whether the first question has had its time: now the others are worth a question.
    boolean isWorrying() {
        return isSuspicious && asked > 1;
    }

    /// Looks at the time; whether a question is due.
    boolean isQuestionDue(long nowNanos) {
        if (!isSuspicious && unheardSinceNanos != TimerTable.NEVER && nowNanos >= silenceEndNanos()) {
            unheardSinceNanos = TimerTable.NEVER;
            suspect(nowNanos, false);
        }
        return isSuspicious && nowNanos >= nextQuestionNanos;
    }

    void asked(long nowNanos, Check question) {
        if (asked == 0) {
            takeSample(question);
        }
        asked++;
        long pause = asked == 1 ? Math.max(QUESTION_NANOS, answerNanos()) : QUESTION_NANOS;
        nextQuestionNanos = nowNanos + (asked > needed ? HOPELESS_NANOS : pause);
        if (asked == needed) {
            badNanos = nowNanos + Math.max(QUESTION_NANOS, answerNanos());
        }
    }

    /// Counted as lost until its answer comes.
    private void takeSample(Check question) {
        if (samples >= REMEMBERED_QUESTIONS) {
            samples /= 2;
            samplesLost /= 2;
        }
        sample = question;
        samples++;
        samplesLost++;
    }

    boolean isBad(long nowNanos) {
        return isSuspicious && nowNanos >= badNanos;
    }

    private long answerNanos() {
        CandidatePair pair = watched;
        long roundTrip = pair == null || pair.roundTripNanos == 0 ? UNKNOWN_ROUND_TRIP_NANOS : pair.roundTripNanos;
        return roundTrip * 3 / 2 + SLACK_NANOS;
    }

    private long silenceEndNanos() {
        return unheardSinceNanos + Math.max(SILENCE_NANOS, answerNanos());
    }

    long nextTimeoutNanos(long latestNanos) {
        if (isSuspicious) {
            return isBad(latestNanos) ? nextQuestionNanos : Math.min(nextQuestionNanos, badNanos);
        }
        return unheardSinceNanos == TimerTable.NEVER ? TimerTable.NEVER : silenceEndNanos();
    }
}
