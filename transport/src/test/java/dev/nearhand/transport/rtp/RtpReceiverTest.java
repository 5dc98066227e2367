package dev.nearhand.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.rtcp.RtcpPacket;
import dev.nearhand.transport.rtcp.RtcpReader;
import dev.nearhand.transport.rtcp.RtcpWriter;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What a receiver does with packets of every kind, one by one.
class RtpReceiverTest {
    private static final long MILLI = 1_000_000;
    private static final int SSRC = 77;

    private final RtpSession session = new RtpSession("test", () -> Instant.EPOCH, new Random(1));
    private final List<RtpEvent> events = new ArrayList<>();
    private final List<RtcpPacket> said = new ArrayList<>();
    private long now = 1;

    private void expectVp8() {
        session.reducedSize(true);
        session.addReceiver(RtpReceiverConfig.vp8("v", 0, List.of(96), List.of(), true, true));
    }

    private static ByteBuffer packet(int ssrc, int type, int sequence, int timestamp, boolean marker, int... payload) {
        ByteBuffer bytes = ByteBuffer.allocate(200);
        ByteWriter out = new ByteWriter(bytes)
                .u8(0x80)
                .u8((marker ? 0x80 : 0) | type)
                .u16(sequence)
                .i32(timestamp)
                .i32(ssrc);
        for (int value : payload) {
            out.u8(value);
        }
        return bytes.flip();
    }

    private void take(ByteBuffer packet) {
        now += MILLI;
        session.handleRtp(now, packet);
        drain();
    }

    /// A whole frame in one packet.
    private void frame(int sequence, int timestamp, boolean keyframe) {
        take(packet(SSRC, 96, sequence, timestamp, true, 0x10, keyframe ? 0x10 : 0x11, timestamp));
    }

    private void start(int sequence, int timestamp, boolean keyframe) {
        take(packet(SSRC, 96, sequence, timestamp, false, 0x10, keyframe ? 0x10 : 0x11, timestamp));
    }

    private void end(int sequence, int timestamp) {
        take(packet(SSRC, 96, sequence, timestamp, true, 0x00, 0xEE));
    }

    private void drain() {
        for (RtpEvent event = session.pollEvent(); event != null; event = session.pollEvent()) {
            events.add(event);
        }
        ByteBuffer lent = ByteBuffer.allocate(2_048);
        for (RtpTransmit next = session.pollTransmit(now, lent); next != null; next = session.pollTransmit(now, lent)) {
            said.addAll(RtcpReader.parse(lent.slice(0, next.lengthBytes())).packets());
        }
    }

    private void pass(long nanos) {
        long until = now + nanos;
        while (session.nextTimeoutNanos() <= until) {
            now = session.nextTimeoutNanos();
            session.handleTimeout(now);
            drain();
        }
        now = until;
    }

    private List<Long> timestamps() {
        return events.stream()
                .filter(RtpEvent.FrameReceived.class::isInstance)
                .map(event -> ((RtpEvent.FrameReceived) event).rtpTimestamp())
                .toList();
    }

    private long said(Class<? extends RtcpPacket> kind) {
        return said.stream().filter(kind::isInstance).count();
    }

    @Test
    void framesLeaveInOrderThoughTheirPacketsDoNotCome() {
        expectVp8();
        end(11, 1);
        start(13, 2, false);
        frame(12, 9, false);
        start(10, 1, true);
        end(14, 2);

        assertThat(timestamps()).containsExactly(1L, 9L, 2L);
    }

    @Test
    void nothingIsDeliveredBeforeAKeyframe() {
        expectVp8();
        frame(1, 1, false);
        frame(2, 2, false);
        frame(3, 3, true);
        frame(4, 4, false);

        assertThat(timestamps()).containsExactly(3L, 4L);
    }

    @Test
    void aStreamJoinedInTheMiddleAsksForAKeyframeSoon() {
        expectVp8();
        frame(1, 1, false);
        assertThat(said(RtcpPacket.PictureLossIndication.class)).isZero();
        pass(25 * MILLI);

        assertThat(said).contains(new RtcpPacket.PictureLossIndication(senderOfSaid(), SSRC));
    }

    private int senderOfSaid() {
        return said.stream()
                .filter(RtcpPacket.PictureLossIndication.class::isInstance)
                .map(pli -> ((RtcpPacket.PictureLossIndication) pli).senderSsrc())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aKeyframeBehindAGapIsNotHeldBackByIt() {
        expectVp8();
        frame(1, 1, true);
        frame(3, 3, false);
        frame(5, 5, true);
        frame(6, 6, false);
        frame(2, 2, false);

        assertThat(timestamps()).containsExactly(1L, 5L, 6L);
        assertThat(session.stats().receivers().getFirst().framesSkipped()).isEqualTo(1);
    }

    @Test
    void paddingAndForeignFormatsTakeTheirPlaceAndNothingElse() {
        expectVp8();
        frame(1, 1, true);
        take(packet(SSRC, 96, 2, 1, false));
        take(packet(SSRC, 120, 3, 1, false, 1, 2, 3));
        start(4, 4, false);
        take(packet(SSRC, 96, 5, 4, false));
        end(6, 4);

        assertThat(timestamps()).containsExactly(1L, 4L);
        pass(300 * MILLI);
        assertThat(said(RtcpPacket.GenericNack.class)).isZero();
        assertThat(said(RtcpPacket.PictureLossIndication.class)).isZero();
    }

    @Test
    void aPayloadThatIsNoneEndsTheStreamUntilTheNextKeyframe() {
        expectVp8();
        frame(1, 1, true);
        take(packet(SSRC, 96, 2, 2, true, 0x90, 0x80));
        frame(3, 3, false);
        assertThat(said(RtcpPacket.PictureLossIndication.class)).isPositive();
        frame(4, 4, true);

        assertThat(timestamps()).containsExactly(1L, 4L);
    }

    @Test
    void aContinuationWithoutAStartIsNoFrame() {
        expectVp8();
        frame(1, 1, true);
        end(2, 2);
        frame(3, 3, true);

        assertThat(timestamps()).containsExactly(1L, 3L);
    }

    @Test
    void aMissingPacketIsAskedForAgainAndAgainAndThenGivenUp() {
        expectVp8();
        frame(1, 1, true);
        frame(3, 3, false);
        pass(2_000 * MILLI);

        assertThat(said(RtcpPacket.GenericNack.class)).isBetween(3L, (long) NackList.MAX_REQUESTS);
        assertThat(said)
                .filteredOn(RtcpPacket.GenericNack.class::isInstance)
                .allMatch(nack -> ((RtcpPacket.GenericNack) nack).lost().equals(List.of(2)));
        assertThat(said(RtcpPacket.PictureLossIndication.class)).isBetween(1L, 10L);
        frame(4, 4, false);
        assertThat(timestamps()).containsExactly(1L);
        frame(5, 5, true);
        assertThat(timestamps()).containsExactly(1L, 5L);
    }

    @Test
    void anOvertakenPacketIsNotAskedForAtOnce() {
        expectVp8();
        frame(1, 1, true);
        frame(3, 3, false);
        frame(2, 2, false);
        pass(100 * MILLI);

        assertThat(said(RtcpPacket.GenericNack.class)).isZero();
        assertThat(timestamps()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aGapOfTenThousandIsNotAskedForButBridgedByAKeyframe() {
        expectVp8();
        frame(1, 1, true);
        frame(10_002, 2, false);
        pass(100 * MILLI);

        assertThat(said(RtcpPacket.GenericNack.class)).isZero();
        assertThat(said(RtcpPacket.PictureLossIndication.class)).isEqualTo(1);
        frame(10_003, 3, true);
        assertThat(timestamps()).containsExactly(1L, 3L);
    }

    @Test
    void theListOfMissingPacketsIsBounded() {
        NackList nacks = new NackList();
        for (long first = 0; first < 100_000; first += 500) {
            nacks.add(1, first, first + 400, MILLI);
            assertThat(nacks.size()).isLessThanOrEqualTo(NackList.MAX_MISSING);
        }
        assertThat(nacks.add(1, 0, 10_000, MILLI)).isFalse();
        assertThat(nacks.size()).isZero();
    }

    @Test
    void anotherSourceTakesOverOnlyAfterSilenceOrGoodbye() {
        expectVp8();
        frame(1, 1, true);
        take(packet(78, 96, 500, 1, true, 0x10, 0x10, 1));
        assertThat(timestamps()).hasSize(1);
        pass(RtpReceiver.TAKEOVER_NANOS);
        take(packet(78, 96, 501, 2, true, 0x10, 0x10, 1));
        assertThat(timestamps()).hasSize(2);
        ByteBuffer bye = ByteBuffer.allocate(100);
        new RtcpWriter(bye).write(new RtcpPacket.Goodbye(List.of(78), ""));
        session.handleRtcp(now, bye.flip());
        drain();
        assertThat(events).last().isInstanceOf(RtpEvent.Bye.class);
        take(packet(79, 96, 9, 3, true, 0x10, 0x10, 1));
        assertThat(timestamps()).hasSize(3);
    }

    @Test
    void theReportCountsLossAsRfc3550Does() {
        ReceptionStatistics statistics = new ReceptionStatistics(SSRC, 90_000);
        for (int sequence : new int[] {65_533, 65_534, 0, 1, 3, 3}) {
            statistics.received(sequence, sequence & 0xFFFF, 0);
        }
        var block = statistics.report(10);

        assertThat(block.highestSequence()).isEqualTo(0x1_0003);
        assertThat(block.cumulativeLost()).isEqualTo(1);
        assertThat(block.fractionLost()).isEqualTo(256 / 7);
        assertThat(statistics.report(11).fractionLost()).isZero();
    }
}
