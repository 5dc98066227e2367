package dev.nearhand.transport.rtp;

import dev.nearhand.transport.wire.ByteReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// An RTP packet as it came (RFC 3550 section 5.1): the fields of its header, and views of the rest.
///
/// The views are borrowed: they are valid as long as the buffer that was parsed.
///
/// @param sequence 0–65535
/// @param extensionProfile the 16 bits before the header extension's length, 0 when there is none
/// @param extension the header extension without its own head
/// @param payload without padding; may be empty
/// @param header all that stands before the payload, as it came: the twelve bytes, contributing sources, extension
/// @param padding that was cut off, the byte that counts it included
public record RtpPacket(
        boolean marker,
        int payloadType,
        int sequence,
        int timestamp,
        int ssrc,
        int extensionProfile,
        ByteBuffer extension,
        ByteBuffer payload,
        ByteBuffer header,
        ByteBuffer padding) {
    static final int FIXED_HEADER_BYTES = 12;

    private static final int VERSION = 2;

    /// Reads from the buffer's position to its limit, without moving them; null when it is no RTP packet.
    public static @Nullable RtpPacket parse(ByteBuffer datagram) {
        ByteReader in = new ByteReader(datagram);
        int first = in.u8();
        int second = in.u8();
        int sequence = in.u16();
        int timestamp = in.i32();
        int ssrc = in.i32();
        in.skip(4 * (first & 0x0F));
        int profile = 0;
        ByteBuffer extension = ByteBuffer.allocate(0);
        if ((first & 0x10) != 0) {
            profile = in.u16();
            extension = in.slice(4 * in.u16());
        }
        if (in.isTruncated() || first >> 6 != VERSION) {
            return null;
        }
        ByteBuffer header = datagram.slice(datagram.position(), in.position());
        ByteBuffer rest = in.slice(in.remaining());
        int padding = 0;
        if ((first & 0x20) != 0) {
            padding = rest.hasRemaining() ? rest.get(rest.limit() - 1) & 0xFF : 0;
            if (padding == 0 || padding > rest.remaining()) {
                return null;
            }
        }
        int payloadBytes = rest.remaining() - padding;
        return new RtpPacket(
                (second & 0x80) != 0,
                second & 0x7F,
                sequence,
                timestamp,
                ssrc,
                profile,
                extension,
                rest.slice(0, payloadBytes),
                header,
                rest.slice(payloadBytes, padding));
    }

    /// How long the packet is as a whole.
    int lengthBytes() {
        return header.remaining() + payload.remaining() + padding.remaining();
    }

    /// Writes the packet as its fields have it, which differ from the header that came when it was unwrapped from
    /// another packet. The flags of the first byte, the contributing sources and the extension stay as they came.
    ///
    /// @param into with room for [#lengthBytes], big-endian
    void writeTo(ByteBuffer into) {
        int start = into.position();
        into.put(header.duplicate());
        into.put(start + 1, (byte) ((marker ? 0x80 : 0) | payloadType));
        into.putShort(start + 2, (short) sequence);
        into.putInt(start + 4, timestamp);
        into.putInt(start + 8, ssrc);
        into.put(payload.duplicate()).put(padding.duplicate());
    }

    /// The packet that this one holds inside.
    RtpPacket unwrapped(int innerType, int innerSequence, int innerSsrc, ByteBuffer innerPayload) {
        return new RtpPacket(
                marker,
                innerType,
                innerSequence,
                timestamp,
                innerSsrc,
                extensionProfile,
                extension,
                innerPayload,
                header,
                padding);
    }

    /// The value of a header extension (RFC 8285), or null when the packet has none with that number.
    public @Nullable ByteBuffer extension(int id) {
        return HeaderExtensions.find(extensionProfile, extension, id);
    }
}
