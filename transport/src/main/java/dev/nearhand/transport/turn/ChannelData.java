package dev.nearhand.transport.turn;

import dev.nearhand.transport.wire.ByteReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The ChannelData message ([RFC 8656 section 12.4](https://www.rfc-editor.org/rfc/rfc8656#section-12.4)): a datagram
/// behind four bytes.
///
/// @param channel 0x4000–0x7FFF; a client of ours binds none beyond 0x4FFF, older ones do (RFC 5766 section 11)
/// @param data a view of the message that was parsed
public record ChannelData(int channel, ByteBuffer data) {
    public static final int HEADER_BYTES = 4;
    public static final int FIRST_CHANNEL = 0x4000;
    public static final int LAST_CHANNEL = 0x7FFF;

    private static final int FIRST_BITS = 0x40;

    /// Whether a message can be one: STUN begins with two zero bits.
    public static boolean isLikely(ByteBuffer message) {
        return message.hasRemaining() && (message.get(message.position()) & 0xC0) == FIRST_BITS;
    }

    /// The message, or null when it is none. Behind the data may stand padding, over UDP too.
    public static @Nullable ChannelData parse(ByteBuffer message) {
        ByteReader reader = new ByteReader(message);
        int channel = reader.u16();
        int length = reader.u16();
        ByteBuffer data = reader.slice(length);
        boolean right = !reader.isTruncated() && channel >= FIRST_CHANNEL && channel <= LAST_CHANNEL;
        return right ? new ChannelData(channel, data) : null;
    }

    /// Puts the header in front of the `length` bytes that lie from `start` on, moving them; the position is behind the
    /// message then.
    ///
    /// @param padded over a stream: "the ChannelData message MUST be padded to a multiple of four bytes"
    /// @return how long the message is
    public static int wrap(ByteBuffer into, int start, int length, int channel, boolean padded) {
        int padding = padded ? -length & 3 : 0;
        into.put(start + HEADER_BYTES, into, start, length);
        into.putShort(start, (short) channel).putShort(start + 2, (short) length);
        into.position(start + HEADER_BYTES + length);
        for (int i = 0; i < padding; i++) {
            into.put((byte) 0);
        }
        return HEADER_BYTES + length + padding;
    }
}
