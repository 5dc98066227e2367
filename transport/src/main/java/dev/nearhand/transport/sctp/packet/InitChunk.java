package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The first chunk of an association ([RFC 9260 section 3.3.2](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.2)).
public record InitChunk(InitBody body) implements Chunk {
    static @Nullable InitChunk parse(ByteReader value) {
        InitBody body = InitBody.parse(value);
        return body == null ? null : new InitChunk(body);
    }

    /// Reads bytes that are one INIT chunk and nothing else; null when they are not.
    public static @Nullable InitChunk parseAlone(ByteBuffer chunk) {
        ByteReader in = new ByteReader(chunk.slice());
        int type = in.u8();
        in.skip(1);
        ByteReader value = new ByteReader(in.slice(in.u16() - HEADER_BYTES));
        return in.isTruncated() || type != ChunkType.INIT || in.remaining() > 3 ? null : parse(value);
    }

    @Override
    public int type() {
        return ChunkType.INIT;
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
