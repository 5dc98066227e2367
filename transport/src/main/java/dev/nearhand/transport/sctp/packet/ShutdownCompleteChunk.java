package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteWriter;

/// The last chunk of an association
/// ([RFC 9260 section 3.3.13](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.13)).
///
/// @param reflectedTag the T bit: the packet carries the receiver's own peer tag, because the sender knows no other
public record ShutdownCompleteChunk(boolean reflectedTag) implements Chunk {
    @Override
    public int type() {
        return ChunkType.SHUTDOWN_COMPLETE;
    }

    @Override
    public int flags() {
        return reflectedTag ? 1 : 0;
    }

    @Override
    public int valueBytes() {
        return 0;
    }

    @Override
    public void writeValue(ByteWriter out) {}
}
