package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks for, or answers, a change of streams
/// ([RFC 6525 section 3.1](https://www.rfc-editor.org/rfc/rfc6525#section-3.1)).
public record ReconfigChunk(List<Parameter> parameters) implements Chunk {
    public ReconfigChunk {
        parameters = List.copyOf(parameters);
    }

    static @Nullable ReconfigChunk parse(ByteReader value) {
        List<Parameter> parameters = Parameters.parse(value);
        return parameters == null ? null : new ReconfigChunk(parameters);
    }

    @Override
    public int type() {
        return ChunkType.RECONFIG;
    }

    @Override
    public int flags() {
        return 0;
    }

    /// Padding of the last parameter belongs to the chunk's padding
    /// ([RFC 9260 section 3.2.1](https://www.rfc-editor.org/rfc/rfc9260#section-3.2.1)).
    @Override
    public int valueBytes() {
        return Parameters.sizeBytes(parameters);
    }

    @Override
    public void writeValue(ByteWriter out) {
        Parameters.write(parameters, out);
    }
}
