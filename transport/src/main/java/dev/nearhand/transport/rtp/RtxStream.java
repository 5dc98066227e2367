package dev.nearhand.transport.rtp;

import dev.nearhand.transport.payload.RedPayload;
import dev.nearhand.transport.wire.Seq16;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Retransmission payloads (RFC 4588 section 4): the number that the packet had, and its payload behind it. And what
/// else can stand around a payload: RED (RFC 2198).
final class RtxStream {
    static final int HEAD_BYTES = 2;

    private static final int SEQUENCE_OFFSET = 2;
    private static final int SSRC_OFFSET = 8;

    private RtpSenderConfig.Repair.Rtx config;
    private int nextSequence;

    RtxStream(RtpSenderConfig.Repair.Rtx config, int firstSequence) {
        this.config = config;
        this.nextSequence = firstSequence & 0xFFFF;
    }

    /// Goes on counting under another payload type.
    void change(RtpSenderConfig.Repair.Rtx next) {
        config = next;
    }

    /// Writes a packet that was sent before once more, at the buffer's position.
    ///
    /// @param headerBytes how long its header is
    /// @return how many bytes that makes
    int wrap(byte[] packet, int length, int headerBytes, ByteBuffer into) {
        int start = into.position();
        into.put(packet, 0, headerBytes);
        into.put(start + 1, (byte) (packet[1] & 0x80 | config.payloadType()));
        into.putShort(start + SEQUENCE_OFFSET, (short) nextSequence);
        into.putInt(start + SSRC_OFFSET, config.ssrc());
        into.put(packet, SEQUENCE_OFFSET, HEAD_BYTES);
        into.put(packet, headerBytes, length - headerBytes);
        nextSequence = Seq16.plus(nextSequence, 1);
        return length + HEAD_BYTES;
    }

    /// The packet inside a retransmission; null when it holds none, as padding that probes a path does not.
    static @Nullable RtpPacket unwrap(RtpPacket packet, int payloadType, int ssrc) {
        ByteBuffer payload = packet.payload();
        if (payload.remaining() <= HEAD_BYTES) {
            return null;
        }
        int start = payload.position();
        int sequence = (payload.get(start) & 0xFF) << 8 | payload.get(start + 1) & 0xFF;
        return packet.unwrapped(
                payloadType, sequence, ssrc, payload.slice(start + HEAD_BYTES, payload.remaining() - HEAD_BYTES));
    }

    /// The packet with the primary block of a RED payload; null when it is malformed.
    static @Nullable RtpPacket withoutRed(RtpPacket packet) {
        RedPayload red = RedPayload.parse(packet.payload());
        return red == null ? null : packet.unwrapped(red.payloadType(), packet.sequence(), packet.ssrc(), red.data());
    }
}
