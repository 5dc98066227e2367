package dev.nearhand.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.rtcp.RtcpPacket.TransportFeedback;
import dev.nearhand.transport.rtcp.RtcpWriter;
import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArrivalLogTest {
    private static final long MILLI = 1_000_000;
    private static final int MISSING = TransportFeedback.NOT_RECEIVED;

    private final ArrivalLog log = new ArrivalLog();
    private long now = 1_000 * MILLI;

    private List<TransportFeedback> due() {
        now += 60 * MILLI;
        List<TransportFeedback> all = new ArrayList<>();
        for (TransportFeedback next = log.poll(now, 1); next != null; next = log.poll(now, 1)) {
            all.add(next);
        }
        assertThat(log.nextTimeoutNanos()).isEqualTo(TimerTable.NEVER);
        return all;
    }

    private void arrive(int... numbers) {
        for (int number : numbers) {
            log.arrived(now, number & 0xFFFF, 9);
            now += MILLI;
        }
    }

    @Test
    void tellsWhenEachPacketArrivedAndWhichAreMissing() {
        arrive(65_534, 65_535, 1);

        TransportFeedback told = due().getFirst();

        assertThat(told.baseSequence()).isEqualTo(65_534);
        assertThat(told.mediaSsrc()).isEqualTo(9);
        long reference = told.referenceTime() * TransportFeedback.REFERENCE_NANOS;
        assertThat(told.arrivals()).hasSize(4);
        assertThat(told.arrivals().get(2)).isEqualTo(MISSING);
        assertThat(reference + told.arrivals().get(0) * TransportFeedback.TICK_NANOS)
                .isEqualTo(1_000 * MILLI);
        assertThat(reference + told.arrivals().get(3) * TransportFeedback.TICK_NANOS)
                .isEqualTo(1_002 * MILLI);
    }

    @Test
    void nothingIsToldTwiceAndNothingBeforeItsTime() {
        arrive(1, 2);
        assertThat(log.poll(now, 1)).isNull();
        assertThat(due()).hasSize(1);
        assertThat(due()).isEmpty();
        arrive(3);
        TransportFeedback next = due().getFirst();
        assertThat(next.baseSequence()).isEqualTo(3);
        assertThat(next.arrivals()).hasSize(1);
        assertThat(next.feedbackCount()).isEqualTo(1);
    }

    @Test
    void whatComesLateIsToldAgain() {
        arrive(1, 3);
        assertThat(due().getFirst().arrivals()).hasSize(3).contains(MISSING);
        arrive(2);
        TransportFeedback again = due().getFirst();
        assertThat(again.baseSequence()).isEqualTo(2);
        assertThat(again.arrivals()).hasSize(2).doesNotContain(MISSING);
    }

    @Test
    void aPacketThatComesTwiceOrWayTooLateChangesNothing() {
        arrive(5, 5, 5 + ArrivalLog.CAPACITY);
        assertThat(due()).isNotEmpty();
        arrive(5);
        assertThat(due()).isEmpty();
    }

    @Test
    void aPauseOfMinutesBetweenTwoPacketsIsTwoFeedbacks() {
        arrive(1);
        now += 300_000 * MILLI;
        arrive(2);
        assertThat(due()).hasSize(2);
    }

    @Test
    void everyPacketIsToldInFeedbackThatFitsADatagram() {
        Random random = new Random(3);
        Set<Integer> arrived = new HashSet<>();
        Set<Integer> told = new HashSet<>();
        int number = 40_000;
        for (int round = 0; round < 60; round++) {
            for (int i = random.nextInt(1_500); i > 0; i--) {
                number += random.nextInt(20) == 0 ? 1 + random.nextInt(30) : 1;
                arrived.add(number & 0xFFFF);
                log.arrived(now, number & 0xFFFF, 9);
                now += random.nextInt(random.nextInt(50) == 0 ? 70_000_000 : 100_000);
            }
            for (TransportFeedback feedback : due()) {
                ByteBuffer datagram = ByteBuffer.allocate(2_000);
                new RtcpWriter(datagram).write(feedback);
                assertThat(datagram.position()).isLessThan(RtpSession.MAX_PACKET_BYTES - 200);
                for (int i = 0; i < feedback.arrivals().size(); i++) {
                    if (feedback.arrivals().get(i) != MISSING) {
                        told.add(feedback.baseSequence() + i & 0xFFFF);
                    }
                }
            }
            assertThat(told).isEqualTo(arrived);
            arrived.clear();
            told.clear();
        }
    }
}
