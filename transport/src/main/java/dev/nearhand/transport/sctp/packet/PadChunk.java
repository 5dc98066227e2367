package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteWriter;

/// Fills a packet up to a size and means nothing
/// ([RFC 4820 section 3](https://www.rfc-editor.org/rfc/rfc4820#section-3)). A receiver that does not know it passes
/// over it in silence, by the bits of its type.
///
/// @param paddingBytes how many zero bytes follow the chunk's header
public record PadChunk(int paddingBytes) implements Chunk {
    @Override
    public int type() {
        return ChunkType.PAD;
    }

    @Override
    public int flags() {
        return 0;
    }

    @Override
    public int valueBytes() {
        return paddingBytes;
    }

    @Override
    public void writeValue(ByteWriter out) {
        out.zeros(paddingBytes);
    }
}
