package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reports that something in a packet could not be used
/// ([RFC 9260 section 3.3.10](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.10)).
public record ErrorChunk(List<ErrorCause> causes) implements Chunk {
    public ErrorChunk {
        causes = List.copyOf(causes);
    }

    static @Nullable ErrorChunk parse(ByteReader value) {
        List<ErrorCause> causes = ErrorCause.parseAll(value);
        return causes == null ? null : new ErrorChunk(causes);
    }

    @Override
    public int type() {
        return ChunkType.ERROR;
    }

    @Override
    public int flags() {
        return 0;
    }

    @Override
    public int valueBytes() {
        return ErrorCause.sizeBytes(causes);
    }

    @Override
    public void writeValue(ByteWriter out) {
        ErrorCause.writeAll(causes, out);
    }
}
