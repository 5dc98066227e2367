package dev.nearhand.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nearhand.transport.payload.DependencyDescriptor;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Random;

class RtpFuzzTest {
    private static final int PACKETS_LIMIT = 200;

    /// A packet alone: header, extensions, and what can stand around a payload (RTX, RED).
    @FuzzTest
    void packet(byte[] datagram) {
        RtpPacket packet = RtpPacket.parse(ByteBuffer.wrap(datagram));
        if (packet == null) {
            return;
        }
        int parts = packet.payload().remaining() + packet.extension().remaining() + packet.paddingBytes();
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
