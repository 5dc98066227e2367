package dev.nearhand.transport.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BbrQueueLimitTest {
    private static final long MILLI = 1_000_000L;
    private static final long MIN_RTT = 40 * MILLI;

    private final BbrQueueLimit queue = new BbrQueueLimit();

    private void measure(long millis, int times) {
        for (int i = 0; i < times; i++) {
            queue.onMeasured(millis * MILLI);
        }
    }

    @Test
    void aQuarterAndTenMillisecondsMoreThanThePathAreAllowed() {
        measure(60, 8);
        assertThat(queue.isExceeded(MIN_RTT)).isFalse();
        measure(61, 8);
        assertThat(queue.isExceeded(MIN_RTT)).isTrue();
    }

    @Test
    void jitterIsNotTakenForAQueue() {
        measure(200, 7);
        measure(45, 1);
        measure(200, 7);
        assertThat(queue.isExceeded(MIN_RTT)).isFalse();
        measure(200, 1);
        assertThat(queue.isExceeded(MIN_RTT)).isTrue();
    }

    @Test
    void nothingIsExceededBeforeAnythingIsKnown() {
        assertThat(queue.isExceeded(MIN_RTT)).isFalse();
        measure(500, 8);
        assertThat(queue.isExceeded(0)).as("no round trip of the path is known").isFalse();
    }

    @Test
    void theFlightIsCutToWhatKeepsToTheLimit() {
        measure(120, 8);
        assertThat(queue.within(100_000, MIN_RTT)).isEqualTo(50_000);
    }
}
