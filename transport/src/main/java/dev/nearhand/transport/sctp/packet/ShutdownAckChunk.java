package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteWriter;

/// Agrees to a SHUTDOWN ([RFC 9260 section 3.3.9](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.9)).
public record ShutdownAckChunk() implements Chunk {
    @Override
    public int type() {
        return ChunkType.SHUTDOWN_ACK;
    }

    @Override
    public int flags() {
        return 0;
    }

    @Override
    public int valueBytes() {
        return 0;
    }

    @Override
    public void writeValue(ByteWriter out) {}
}
