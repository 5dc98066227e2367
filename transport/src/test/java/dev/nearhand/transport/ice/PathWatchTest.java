package dev.nearhand.transport.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.time.TimerTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One pair of 40 ms of round trip, and the clock by hand.
class PathWatchTest {
    private static final long MILLIS = 1_000_000;
    private static final long START = 1_000_000 * MILLIS;
    /// A round trip and a half, and 50 ms.
    private static final long ANSWER_NANOS = 110 * MILLIS;

    private final PathWatch watch = new PathWatch();
    private final CandidatePair pair = new CandidatePair(
            Candidate.host(HandMadePeer.LOCAL, 65_535),
            Candidate.host(HandMadePeer.REMOTE, 65_535),
            IceRole.CONTROLLING);
    private long now = START;
    private long ids;

    @BeforeEach
    void follow() {
        pair.roundTripNanos = 40 * MILLIS;
        watch.follow(pair);
    }

    private Check question() {
        return new Check(
                new TransactionId(1, ++ids),
                pair,
                Check.Purpose.CONSENT,
                IceRole.CONTROLLING,
                now,
                now + 1_000 * MILLIS);
    }

    /// Asks whenever it is due until it counts as dead; how many questions had had their time for an answer by then.
    private int questionsUntilBad() {
        List<Long> asked = new ArrayList<>();
        while (!watch.isBad(now)) {
            assertThat(asked).hasSizeLessThan(100);
            if (watch.isQuestionDue(now)) {
                watch.asked(now, question());
                asked.add(now);
            }
            now = Math.max(now + 1, watch.nextTimeoutNanos(now));
        }
        return (int) asked.stream().filter(at -> now - at >= ANSWER_NANOS).count();
    }

    /// Questions in good times, of which every `lostOneIn`-th stays unanswered; none when 0.
    private void learn(int questions, int lostOneIn) {
        for (int i = 1; i <= questions; i++) {
            now += 5_000 * MILLIS;
            watch.onConsentLate(now);
            assertThat(watch.isQuestionDue(now)).isTrue();
            Check first = question();
            watch.asked(now, first);
            if (lostOneIn != 0 && i % lostOneIn == 0) {
                watch.asked(now, question());
                watch.onAnswer(now, question()); // of a later one
            } else {
                watch.onAnswer(now, first);
            }
        }
        now += 5_000 * MILLIS;
    }

    @Test
    void nothingIsDueWhileNothingWasSent() {
        assertThat(watch.isQuestionDue(now + 60_000 * MILLIS)).isFalse();
        assertThat(watch.nextTimeoutNanos(now)).isEqualTo(TimerTable.NEVER);
    }

    @Test
    void silenceAfterSomethingWasSentIsSuspiciousAfterAQuarterOfASecond() {
        watch.onSent(now);
        watch.onSent(now + 200 * MILLIS); // the first counts
        assertThat(watch.nextTimeoutNanos(now)).isEqualTo(now + 250 * MILLIS);
        assertThat(watch.isQuestionDue(now + 249 * MILLIS)).isFalse();
        assertThat(watch.isQuestionDue(now + 250 * MILLIS)).isTrue();
        assertThat(watch.isSuspicious()).isTrue();
        assertThat(watch.sinceNanos()).isEqualTo(now + 250 * MILLIS);
    }

    @Test
    void aLongRoundTripIsGivenItsTime() {
        pair.roundTripNanos = 600 * MILLIS;
        watch.onSent(now);
        assertThat(watch.isQuestionDue(now + 949 * MILLIS)).isFalse();
        assertThat(watch.isQuestionDue(now + 950 * MILLIS)).isTrue();
    }

    @Test
    void whateverComesEndsTheSilence() {
        watch.onSent(now);
        watch.onHeard();
        assertThat(watch.isQuestionDue(now + 10_000 * MILLIS)).isFalse();
    }

    @Test
    void anAnswerCalms() {
        watch.onConsentLate(now);
        Check question = question();
        watch.asked(now, question);
        watch.onAnswer(now + 30 * MILLIS, question);
        assertThat(watch.isSuspicious()).isFalse();
        assertThat(watch.isBad(now + 60_000 * MILLIS)).isFalse();
        assertThat(watch.nextTimeoutNanos(now)).isEqualTo(TimerTable.NEVER);
    }

    /// With nothing known it is as if one question in five were lost: 0.2 to the eighth is less than one in 100,000.
    @Test
    void aPathOfWhichLittleIsKnownIsDeadAfterEightQuestions() {
        watch.onConsentLate(now);
        assertThat(questionsUntilBad()).isEqualTo(8);
    }

    @Test
    void aCleanPathIsDeadAfterFewerQuestionsAndALossyOneAfterMore() {
        learn(60, 0);
        watch.onConsentLate(now);
        assertThat(questionsUntilBad()).isBetween(3, 4);

        watch.follow(null);
        watch.follow(pair);
        learn(60, 2);
        watch.onConsentLate(now);
        assertThat(questionsUntilBad()).isBetween(14, 18);
    }

    @Test
    void deathTakesLessThanASecondOnACleanPath() {
        learn(60, 0);
        long since = now;
        watch.onConsentLate(now);
        questionsUntilBad();
        assertThat(now - since).isLessThan(500 * MILLIS);
    }

    @Test
    void theOthersAreWorthAQuestionOnceTheFirstHasHadItsTime() {
        watch.onConsentLate(now);
        watch.asked(now, question());
        assertThat(watch.isWorrying()).isFalse();
        assertThat(watch.isQuestionDue(now + 109 * MILLIS)).isFalse();
        assertThat(watch.isQuestionDue(now + 110 * MILLIS)).isTrue(); // a round trip and a half, and 50 ms
        watch.asked(now + 110 * MILLIS, question());
        assertThat(watch.isWorrying()).isTrue();
    }

    /// Late, but not dead: only an answer to a question settles it then.
    @Test
    void whatComesAfterASilenceAddsTwoQuestions() {
        watch.onSent(now);
        now += 250 * MILLIS;
        assertThat(watch.isQuestionDue(now)).isTrue();
        watch.onHeard();
        watch.onHeard();
        assertThat(watch.isSuspicious()).isTrue();
        assertThat(questionsUntilBad()).isEqualTo(10);
    }

    @Test
    void whatHasJustAnsweredIsNotDoubtedBecauseOfAnotherPair() {
        Check question = question();
        watch.onConsentLate(now);
        watch.asked(now, question);
        watch.onAnswer(now, question);
        assertThat(watch.onOtherPairUsed(now + 999 * MILLIS)).isFalse();
        assertThat(watch.onOtherPairUsed(now + 1_000 * MILLIS)).isTrue();
        assertThat(watch.onOtherPairUsed(now + 1_001 * MILLIS)).as("no news").isFalse();
    }

    @Test
    void aDeadPathWithoutAnyOtherIsAskedTwiceASecond() {
        watch.onConsentLate(now);
        questionsUntilBad();
        watch.asked(now, question());
        assertThat(watch.nextTimeoutNanos(now)).isEqualTo(now + 500 * MILLIS);
    }

    @Test
    void anotherPairStartsWithACleanSlate() {
        watch.onConsentLate(now);
        watch.follow(new CandidatePair(pair.local, Candidate.host(HandMadePeer.OTHER_REMOTE, 1), IceRole.CONTROLLING));
        assertThat(watch.isSuspicious()).isFalse();
    }
}
