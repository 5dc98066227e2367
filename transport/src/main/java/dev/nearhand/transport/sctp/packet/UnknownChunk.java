package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;

/// A chunk of a type that is not spoken here; its two highest bits say what to do
/// ([RFC 9260 section 3.2](https://www.rfc-editor.org/rfc/rfc9260#section-3.2)).
public record UnknownChunk(int type, int flags, ByteBuffer value) implements Chunk {
    /// Whether the rest of the packet is still processed.
    public boolean isSkipped() {
        return (type & 0x80) != 0;
    }

    /// Whether its sender wants to hear of it.
    public boolean isReported() {
        return (type & 0x40) != 0;
    }

    @Override
    public int valueBytes() {
        return value.remaining();
    }

    @Override
    public void writeValue(ByteWriter out) {
        out.bytes(value);
    }
}
