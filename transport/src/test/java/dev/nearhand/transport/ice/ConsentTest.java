package dev.nearhand.transport.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.time.SharedTick;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When a working path is asked about, and when it may be asked about together with an answer.
class ConsentTest {
    private static final long SECOND = 1_000_000_000;
    private static final long START = 1_000 * SECOND + 1;

    private final Consent consent = new Consent(IceConfig.defaults(), new Random(1));

    @BeforeEach
    void start() {
        consent.start(START);
    }

    @Test
    void questionsComeAtSharedTimesFourToSixSecondsApart() {
        long now = START;
        Set<Long> pauses = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            long next = consent.nextTimeoutNanos(now);
            assertThat(next - now).isBetween(4 * SECOND, 6 * SECOND);
            assertThat(next % SharedTick.NANOS).isZero();
            pauses.add(Math.round((next - now) / (double) SharedTick.NANOS));
            now = next;
            assertThat(consent.isDue(now)).isTrue();
            consent.asked(now);
            now += SECOND / 100;
            consent.answered(now);
        }
        assertThat(pauses).as("in no step").hasSizeGreaterThanOrEqualTo(7);
    }

    @Test
    void theOtherSidesQuestionBringsOursForwardByNoMoreThanAFifth() {
        assertThat(consent.mayAskWithAnswer(START + 4 * SECOND - 1)).isFalse();
        assertThat(consent.mayAskWithAnswer(START + 4 * SECOND)).isTrue();
    }

    @Test
    void nothingIsBroughtForwardWhereAnAnswerIsAwaited() {
        consent.asked(START + 4 * SECOND);
        assertThat(consent.mayAskWithAnswer(START + 4 * SECOND + 1)).isFalse();
        consent.answered(START + 4 * SECOND + 2);
        assertThat(consent.mayAskWithAnswer(START + 8 * SECOND + 2)).isTrue();
    }

    @Test
    void nothingIsBroughtForwardInDoubtOrBeforeThePathWorks() {
        consent.doubt(START, 0);
        assertThat(consent.mayAskWithAnswer(START + 4 * SECOND)).isFalse();
        consent.stop();
        consent.answered(START);
        assertThat(consent.mayAskWithAnswer(START + 4 * SECOND)).isFalse();
    }
}
