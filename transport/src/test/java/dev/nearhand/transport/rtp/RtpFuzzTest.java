package dev.nearhand.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nearhand.transport.payload.DependencyDescriptor;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Random;
import java.util.Set;

class RtpFuzzTest {
    private static final int PACKETS_LIMIT = 200;
    private static final Set<Integer> TYPES = Set.of(96);

    /// A packet alone: header, extensions, and what can stand around a payload (RTX, RED).
    @FuzzTest
    void packet(byte[] datagram) {
        RtpPacket packet = RtpPacket.parse(ByteBuffer.wrap(datagram));
        if (packet == null) {
            return;
        }
        int parts = packet.payload().remaining()
                + packet.extension().remaining()
                + packet.padding().remaining();
        assertThat(parts).isLessThanOrEqualTo(datagram.length - RtpPacket.FIXED_HEADER_BYTES);
        for (int id = 0; id < 256; id++) {
            ByteBuffer value = packet.extension(id);
            if (value != null) {
                assertThat(value.remaining()).isLessThanOrEqualTo(255);
                DependencyDescriptor.parse(value);
            }
        }
        RtpPacket inner = RtxStream.unwrap(packet, 96, 1);
        assertThat(inner == null
                        || inner.payload().remaining() + RtxStream.HEAD_BYTES
                                == packet.payload().remaining())
                .isTrue();
        RtpPacket primary = RtxStream.withoutRed(packet);
        assertThat(primary == null
                        || primary.payload().remaining() < packet.payload().remaining())
                .isTrue();
    }

    /// Media and parity of one stream: each of the input's begins with its length, what it is, and how far its number
    /// is from the one before.
    @FuzzTest
    void ulpfec(byte[] input) {
        UlpfecRecovery recovery = new UlpfecRecovery();
        ByteBuffer packets = ByteBuffer.wrap(input);
        long sequence = 0xFFEF; // so that the numbers of the seeds wrap
        for (int i = 0; packets.remaining() > 3 && i < PACKETS_LIMIT; i++) {
            int length = Math.min(packets.get() & 0xFF, packets.remaining() - 2);
            int kind = packets.get();
            sequence = Math.max(0, sequence + packets.get());
            ByteBuffer packet = packets.slice(packets.position(), length);
            packets.position(packets.position() + length);
            RtpPacket media = (kind & 2) == 0 ? null : RtpPacket.parse(packet);
            if (media != null) {
                recovery.handleMedia(sequence, media, (kind & 1) != 0);
            } else {
                recovery.handleParity(sequence, packet);
            }
            for (var next = recovery.poll(TYPES, 7); next != null; next = recovery.poll(TYPES, 7)) {
                assertThat(next.packet().lengthBytes()).isLessThanOrEqualTo(ProtectedPackets.MAX_BYTES);
                assertThat(next.packet().sequence()).isEqualTo((int) next.sequence() & 0xFFFF);
                assertThat(next.packet().ssrc()).isEqualTo(7);
                assertThat(TYPES).contains(next.packet().payloadType());
            }
        }
        assertThat(recovery.dropped()).isBetween(0L, recovery.received());
    }

    /// A session that gets one packet after the other: each of the input's begins with its length and the milliseconds
    /// that pass before it.
    @FuzzTest
    void session(byte[] input) {
        feed(input, SessionPair.receiverConfig());
    }

    /// The same with a track of several streams.
    @FuzzTest
    void layers(byte[] input) {
        feed(input, SimulcastReceiverTest.CONFIG);
    }

    /// The same with parity inside RED.
    @FuzzTest
    void parity(byte[] input) {
        feed(input, UlpfecSessionTest.CONFIG);
    }

    private static void feed(byte[] input, RtpReceiverConfig config) {
        RtpSession session = new RtpSession("fuzz", () -> Instant.EPOCH, new Random(1));
        session.addReceiver(config);
        session.addSender(SessionPair.senderConfig());
        ByteBuffer packets = ByteBuffer.wrap(input);
        ByteBuffer lent = ByteBuffer.allocate(2_048);
        long now = 1;
        for (int i = 0; packets.remaining() > 2 && i < PACKETS_LIMIT; i++) {
            int length = Math.min(packets.get() & 0xFF, packets.remaining() - 1);
            now += (packets.get() & 0xFF) * SessionPair.MILLI;
            ByteBuffer packet = packets.slice(packets.position(), length);
            packets.position(packets.position() + length);
            session.handleTimeout(now);
            boolean rtcp = length > 1 && (packet.get(1) & 0xE0) == 0xC0;
            if (rtcp) {
                session.handleRtcp(now, packet);
            } else {
                session.handleRtp(now, packet);
            }
            while (session.pollEvent() != null) {
                continue; // nobody is interested in them
            }
            while (session.pollTransmit(now, lent.clear()) != null) {
                continue;
            }
        }
    }
}
