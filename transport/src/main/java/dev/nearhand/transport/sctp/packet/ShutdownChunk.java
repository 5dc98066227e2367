package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import org.jspecify.annotations.Nullable;

/// Begins the end ([RFC 9260 section 3.3.8](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.8)).
///
/// @param cumulativeTsn what the sender has received so far, as in a SACK without gaps
public record ShutdownChunk(int cumulativeTsn) implements Chunk {
    static @Nullable ShutdownChunk parse(ByteReader value) {
        int cumulativeTsn = value.i32();
        return value.isTruncated() ? null : new ShutdownChunk(cumulativeTsn);
    }

    @Override
    public int type() {
        return ChunkType.SHUTDOWN;
    }

    @Override
    public int flags() {
        return 0;
    }

    @Override
    public int valueBytes() {
        return 4;
    }

    @Override
    public void writeValue(ByteWriter out) {
        out.i32(cumulativeTsn);
    }
}
