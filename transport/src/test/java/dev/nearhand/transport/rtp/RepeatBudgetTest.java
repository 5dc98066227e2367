package dev.nearhand.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepeatBudgetTest {
    private static final long SECOND = 1_000_000_000;
    private static final int BYTES = 1_200;

    /// How many packets are granted when a hundred are asked for in each of so many milliseconds.
    private static int granted(RepeatBudget budget, long fromNanos, int millis) {
        int granted = 0;
        for (int milli = 0; milli < millis; milli++) {
            for (int i = 0; i < 100; i++) {
                granted += budget.take(fromNanos + milli * 1_000_000L, BYTES) ? 1 : 0;
            }
        }
        return granted;
    }

    @Test
    void halfOfTheTargetIsForRepetitions() {
        RepeatBudget budget = new RepeatBudget();
        budget.lead(8_000_000);
        granted(budget, SECOND, 1_000); // what was kept is used up
        int bytes = granted(budget, 2 * SECOND, 2_000) * BYTES;
        assertThat(bytes / 2).isBetween(480_000, 520_000);
    }

    @Test
    void aBurstIsRepairedAtOnceHoweverLowTheTargetIs() {
        RepeatBudget budget = new RepeatBudget();
        budget.lead(100_000);
        assertThat(granted(budget, SECOND, 1)).isEqualTo(16 * 1024 / BYTES);
        assertThat(granted(budget, SECOND + 1_000_000, 1)).isZero();
    }

    @Test
    void withoutATargetThereIsNoLimit() {
        RepeatBudget budget = new RepeatBudget();
        assertThat(granted(budget, SECOND, 10)).isEqualTo(1_000);
    }

    @Test
    void tellsItsRateAndForgetsIt() {
        RepeatBudget budget = new RepeatBudget();
        for (int i = 0; i < 500; i++) { // 2.4 Mbit/s
            budget.take(SECOND + i * 4_000_000L, BYTES);
        }
        assertThat(budget.recentBps(3 * SECOND)).isBetween(1.9e6, 2.4e6);
        assertThat(budget.recentBps(10 * SECOND)).isLessThan(10_000);
    }
}
