package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import org.jspecify.annotations.Nullable;

/// The answer to an INIT, with the state cookie in its parameters
/// ([RFC 9260 section 3.3.3](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.3)).
public record InitAckChunk(InitBody body) implements Chunk {
    static @Nullable InitAckChunk parse(ByteReader value) {
        InitBody body = InitBody.parse(value);
        return body == null ? null : new InitAckChunk(body);
    }

    @Override
    public int type() {
        return ChunkType.INIT_ACK;
    }

    @Override
    public int flags() {
        return 0;
    }

    @Override
    public int valueBytes() {
        return body.sizeBytes();
    }

    @Override
    public void writeValue(ByteWriter out) {
        body.write(out);
    }
}
