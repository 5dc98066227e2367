package dev.nearhand.transport.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.rtcp.RtcpPacket.TransportFeedback;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentHistoryTest {
    private static final int MISSING = TransportFeedback.NOT_RECEIVED;
    private static final int LAST_REFERENCE = 0xFF_FFFF;

    private final SentHistory history = new SentHistory();

    private void send(int packets) {
        for (int i = 0; i < packets; i++) {
            history.sent(1_000L * history.nextSequence(), 100, PacketResult.NO_PROBE);
        }
    }

    private List<PacketResult> told(int base, int reference, Integer... arrivals) {
        return history.handle(new TransportFeedback(1, 2, base, reference, 0, List.of(arrivals)));
    }

    @Test
    void eachPacketIsReportedOnceAndOneThatWasLostMayStillArrive() {
        send(3);
        assertThat(told(0, 10, 4, MISSING, 8)).extracting(PacketResult::isLost).containsExactly(false, true, false);
        assertThat(told(0, 10, 4, MISSING, 8)).isEmpty();
        assertThat(told(1, 10, 9)).extracting(PacketResult::isLost).containsExactly(false);
        assertThat(told(1, 10, MISSING)).isEmpty();
    }

    @Test
    void theReferenceTimeWraps() {
        send(2);
        long before = told(0, LAST_REFERENCE, 0).getFirst().arrivedNanos();
        long after = told(1, 0, 0).getFirst().arrivedNanos();
        assertThat(after - before).isEqualTo(TransportFeedback.REFERENCE_NANOS);
    }

    @Test
    void whatWasNeverSentOrIsForgottenIsPassedOver() {
        send(2 * SentHistory.CAPACITY);
        int next = (int) history.nextSequence();
        assertThat(told(next - 1, 0, 1, 2, 3)).hasSize(1);
        assertThat(told(next - SentHistory.CAPACITY - 1, 0, 1, 2)).hasSize(1);
        assertThat(told(next + 20_000 & 0xFFFF, 0, 1, 2)).isEmpty();
    }
}
