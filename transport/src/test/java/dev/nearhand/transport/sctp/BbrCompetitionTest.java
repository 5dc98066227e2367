package dev.nearhand.transport.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// When BBR takes part in what flows do that fill the queue, and when no more.
class BbrCompetitionTest {
    private static final int PACKET = 1_200;
    private static final long MILLI = 1_000_000L;
    private static final long MIN_RTT = 40 * MILLI;
    private static final long WINDOW = 50L * PACKET;

    private final BbrCompetition competition = new BbrCompetition(PACKET);
    private long now;

    /// Round trips of that length for a while, ten in a second.
    private void roundTrips(long millis, int seconds, boolean looking) {
        for (int i = 0; i < seconds * 10; i++) {
            now += 100 * MILLI;
            competition.onSample(now, millis * MILLI, MIN_RTT, looking);
        }
    }

    private void lose() {
        competition.onChunkLost(now, MIN_RTT, MIN_RTT, WINDOW);
    }

    private void look(long millis) {
        competition.beginLook();
        roundTrips(millis, 1, true);
        competition.endLook(WINDOW);
    }

    @Test
    void aLossWhereRoundTripsAreShortIsNoCompetition() {
        roundTrips(45, 10, false);
        lose();
        assertThat(competition.isOn()).isFalse();
        assertThat(competition.windowBytes()).isZero();
    }

    @Test
    void aLossAfterASecondOfLongRoundTripsIs() {
        roundTrips(45, 2, false);
        roundTrips(120, 1, false);
        lose();
        assertThat(competition.isOn()).as("a queue of a second is nobody's yet").isFalse();
        roundTrips(120, 1, false);
        lose();
        assertThat(competition.isOn()).isTrue();
        assertThat(competition.windowBytes()).isEqualTo((int) WINDOW);
    }

    @Test
    void aQueueThatStaysThoughBbrLeavesRoomIs() {
        roundTrips(40, 2, false);
        look(100);
        assertThat(competition.isOn()).isTrue();
    }

    @Test
    void itEndsWhenThePathIsFoundAsShortAsItWas() {
        roundTrips(40, 2, false);
        look(100);
        look(60);
        assertThat(competition.isOn()).as("still a queue").isTrue();
        look(41);
        assertThat(competition.isOn()).isFalse();
    }

    @Test
    void theWindowThatRunsAlongIsCubics() {
        roundTrips(40, 2, false);
        look(100);
        int before = competition.windowBytes();
        competition.onAcknowledged(now, 4 * PACKET, before, true, false);
        assertThat(competition.windowBytes())
                .as("slow start until something is lost, whatever the round trip does")
                .isEqualTo(before + 4 * PACKET);
        competition.onLoss(now);
        assertThat(competition.windowBytes()).isBetween((int) (0.69 * before), (int) (0.8 * before));
    }

    @Test
    void aRaisedFloorTakesAMinute() {
        roundTrips(40, 2, false);
        roundTrips(100, 70, false);
        look(100);
        assertThat(competition.isOn())
                .as("the path is 100 ms long by now, as far as is known")
                .isFalse();
    }
}
