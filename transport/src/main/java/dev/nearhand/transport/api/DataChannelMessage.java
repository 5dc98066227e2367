package dev.nearhand.transport.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A message that arrived on a data channel.
///
/// @param isText whether the sender sent it as text
/// @param data its bytes (UTF-8 for text); belongs to the receiver of this record
public record DataChannelMessage(boolean isText, ByteBuffer data) {
    /// The bytes as text; malformed sequences are replaced.
    public String text() {
        return StandardCharsets.UTF_8.decode(data.duplicate()).toString();
    }

    /// A copy of the bytes.
    public byte[] bytes() {
        byte[] copy = new byte[data.remaining()];
        data.duplicate().get(copy);
        return copy;
    }
}
