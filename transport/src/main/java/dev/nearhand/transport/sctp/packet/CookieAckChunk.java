package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteWriter;

/// The last step of setting up ([RFC 9260 section 3.3.12](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.12)).
public record CookieAckChunk() implements Chunk {
    @Override
    public int type() {
        return ChunkType.COOKIE_ACK;
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
