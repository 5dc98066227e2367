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
/// @param paddingBytes how many bytes of padding were cut off, the one that counts them included
public record RtpPacket(
        boolean marker,
        int payloadType,
        int sequence,
        int timestamp,
        int ssrc,
        int extensionProfile,
        ByteBuffer extension,
        ByteBuffer payload,
        int paddingBytes) {
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
        ByteBuffer payload = in.slice(in.remaining());
        int padding = 0;
        if ((first & 0x20) != 0) {
            padding = payload.hasRemaining() ? payload.get(payload.limit() - 1) & 0xFF : 0;
            if (padding == 0 || padding > payload.remaining()) {
                return null;
            }
            payload.limit(payload.limit() - padding);
        }
        return new RtpPacket(
                (second & 0x80) != 0,
                second & 0x7F,
                sequence,
                timestamp,
                ssrc,
                profile,
                extension,
                payload.slice(),
                padding);
    }

    /// The value of a header extension (RFC 8285), or null when the packet has none with that number.
    public @Nullable ByteBuffer extension(int id) {
        return HeaderExtensions.find(extensionProfile, extension, id);
    }
}
