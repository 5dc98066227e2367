package dev.nearhand.transport.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharedTickTest {
    private static final long TICK = SharedTick.NANOS;

    @Test
    void aTimeIsPutOffToTheNextTick() {
        assertThat(SharedTick.from(0)).isZero();
        assertThat(SharedTick.from(1)).isEqualTo(TICK);
        assertThat(SharedTick.from(TICK)).isEqualTo(TICK);
        assertThat(SharedTick.from(TICK + 1)).isEqualTo(2 * TICK);
    }

    @Test
    void theBoundsAreKept() {
        assertThat(SharedTick.within(TICK - 5, TICK + 1, 2 * TICK)).isEqualTo(2 * TICK);
        assertThat(SharedTick.within(TICK - 5, TICK + 1, 2 * TICK - 1))
                .as("the one before")
                .isEqualTo(TICK);
        assertThat(SharedTick.within(TICK + 1, TICK + 2, 2 * TICK - 1))
                .as("none")
                .isEqualTo(TICK + 2);
    }
}
