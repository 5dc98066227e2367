package dev.nearhand.app.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.signaling.CodeGate.Verdict;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CodeGateTest {
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final CodeGate gate = new CodeGate(new Random(7), clock::get);

    private String wrong() {
        return gate.code().equals("000000000") ? "111111111" : "000000000";
    }

    private void pass(long seconds) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void aCodeHasNineDigits() {
        for (int i = 0; i < 200; i++) {
            assertThat(gate.code()).matches("\\d{9}");
            gate.check(gate.code());
        }
    }

    @Test
    void aRightCodeIsUsedUp() {
        String code = gate.code();

        assertThat(gate.check(code)).isEqualTo(new Verdict.Right());
        assertThat(gate.code()).isNotEqualTo(code);
        assertThat(gate.check(code)).isEqualTo(new Verdict.Wrong(2));
    }

    @Test
    void whatAPersonTypesBetweenTheDigitsDoesNotCount() {
        assertThat(gate.check(" " + CodeGate.grouped(gate.code()).replace(' ', '-') + "\n"))
                .isEqualTo(new Verdict.Right());
    }

    @Test
    void theThirdWrongCodeReplacesIt() {
        String code = gate.code();

        assertThat(gate.check(wrong())).isEqualTo(new Verdict.Wrong(2));
        assertThat(gate.check("")).isEqualTo(new Verdict.Wrong(1));
        assertThat(gate.code()).isEqualTo(code);
        assertThat(gate.check(code + "0")).isEqualTo(new Verdict.Replaced());
        assertThat(gate.code()).isNotEqualTo(code);
    }

    @Test
    void duringThePauseNotEvenTheRightCodeIsLookedAt() {
        for (int i = 0; i < 3; i++) {
            gate.check(wrong());
        }
        assertThat(gate.check(gate.code())).isInstanceOf(Verdict.Locked.class);

        pass(1);
        assertThat(gate.check(gate.code())).isEqualTo(new Verdict.Right());
    }

    @Test
    void thePauseGrowsToAMinuteAndARightCodeEndsThat() {
        long longest = 0;
        for (int round = 0; round < 12; round++) {
            for (int i = 0; i < 3; i++) {
                gate.check(wrong());
            }
            if (gate.check(wrong()) instanceof Verdict.Locked(long seconds)) {
                longest = Math.max(longest, seconds);
            }
            pass(CodeGate.LONGEST_PAUSE_SECONDS);
        }
        assertThat(longest).isBetween(60L, 61L);

        gate.check(gate.code());
        for (int i = 0; i < 3; i++) {
            gate.check(wrong());
        }
        pass(1);
        assertThat(gate.check(gate.code())).isEqualTo(new Verdict.Right());
    }
}
