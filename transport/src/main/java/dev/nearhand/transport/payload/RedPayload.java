package dev.nearhand.transport.payload;

import dev.nearhand.transport.wire.ByteReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The primary block of a RED payload (RFC 2198); redundant blocks before it are skipped.
///
/// @param payloadType what the block is
/// @param data a view of it; may be empty
public record RedPayload(int payloadType, ByteBuffer data) {
    /// Blocks in one payload; one with more is refused.
    static final int MAX_BLOCKS = 32;

    private static final int MORE = 0x80;

    /// Reads a payload without moving it; null when its blocks are longer than it is.
    public static @Nullable RedPayload parse(ByteBuffer payload) {
        ByteReader in = new ByteReader(payload);
        int skipped = 0;
        int head = in.u8();
        for (int block = 0; (head & MORE) != 0; block++) {
            if (block == MAX_BLOCKS || in.isTruncated()) {
                return null;
            }
            skipped += in.u24() & 0x3FF; // a timestamp's offset of 14 bits, and the length
            head = in.u8();
        }
        in.skip(skipped);
        return in.isTruncated() ? null : new RedPayload(head, in.slice(in.remaining()));
    }
}
