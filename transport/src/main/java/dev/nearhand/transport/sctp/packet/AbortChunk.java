package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ends the association at once ([RFC 9260 section 3.3.7](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.7)).
///
/// @param reflectedTag the T bit: the packet carries the receiver's own peer tag, because the sender knows no other
public record AbortChunk(boolean reflectedTag, List<ErrorCause> causes) implements Chunk {
    public AbortChunk {
        causes = List.copyOf(causes);
    }

    static @Nullable AbortChunk parse(int flags, ByteReader value) {
        List<ErrorCause> causes = ErrorCause.parseAll(value);
        return causes == null ? null : new AbortChunk((flags & 1) != 0, causes);
    }

    @Override
    public int type() {
        return ChunkType.ABORT;
    }

    @Override
    public int flags() {
        return reflectedTag ? 1 : 0;
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
