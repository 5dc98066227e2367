package dev.nearhand.transport.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CubicCongestionTest {
    private static final int PACKET = 1_000;
    private static final long RTT = 100_000_000L;

    private final CubicCongestion cubic = new CubicCongestion(PACKET);
    private long now;

    /// One round trip in which the whole window is sent and acknowledged, two packets a SACK.
    private void round(long rttNanos) {
        now += rttNanos;
        int window = cubic.windowBytes();
        for (int acked = 0; acked + 2 * PACKET <= window; acked += 2 * PACKET) {
            cubic.onMeasured(rttNanos, rttNanos);
            cubic.onAcknowledged(now, 2 * PACKET, cubic.windowBytes(), true, false);
        }
        cubic.onRound();
    }

    private void rounds(int count) {
        for (int i = 0; i < count; i++) {
            round(RTT);
        }
    }

    @Test
    void slowStartDoublesInEachRoundTrip() {
        assertThat(cubic.windowBytes()).isEqualTo(10 * PACKET);
        rounds(3);
        assertThat(cubic.windowBytes()).isEqualTo(80 * PACKET);
    }

    @Test
    void slowStartEndsWhenTheRoundTripsGrow() {
        rounds(5);
        int window = cubic.windowBytes();
        for (int i = 0; i < 8; i++) {
            round(RTT + (i + 1) * 20_000_000L);
        }
        int conservative = cubic.windowBytes();
        assertThat(conservative).isLessThan(8 * window); // 2^8 times as much without HyStart++
        round(2 * RTT);
        assertThat(cubic.windowBytes() - conservative).isLessThan(conservative / 10);
    }

    @Test
    void aLossTakesThreeTenthsAndTheWindowComesBackToWhereItWas() {
        rounds(4);
        int before = cubic.windowBytes();
        cubic.onLoss(now);
        assertThat(cubic.windowBytes()).isEqualTo(before * 7 / 10);
        // K = cubic root of (0.3 * 160 / 0.4) = 4.9 s
        rounds(49);
        assertThat(cubic.windowBytes()).isBetween(before * 97 / 100, before * 103 / 100);
        rounds(30);
        assertThat(cubic.windowBytes()).isGreaterThan(before * 105 / 100);
    }

    @Test
    void aTimeoutBeginsWithOnePacketAgain() {
        rounds(4);
        cubic.onTimeout(now);
        assertThat(cubic.windowBytes()).isEqualTo(PACKET);
    }

    @Test
    void aWindowThatIsNotFilledDoesNotGrow() {
        cubic.onLoss(now);
        int window = cubic.windowBytes();
        for (int i = 0; i < 100; i++) {
            now += RTT;
            cubic.onAcknowledged(now, PACKET, PACKET, true, false);
        }
        assertThat(cubic.windowBytes()).isEqualTo(window);
    }
}
