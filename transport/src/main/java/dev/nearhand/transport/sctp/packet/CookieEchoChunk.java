package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;

/// Brings the cookie back to whoever made it
/// ([RFC 9260 section 3.3.11](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.11)).
public record CookieEchoChunk(ByteBuffer cookie) implements Chunk {
    static CookieEchoChunk parse(ByteReader value) {
        return new CookieEchoChunk(value.slice(value.remaining()));
    }

    @Override
    public int type() {
        return ChunkType.COOKIE_ECHO;
    }

    @Override
    public int flags() {
        return 0;
    }

    @Override
    public int valueBytes() {
        return cookie.remaining();
    }

    @Override
    public void writeValue(ByteWriter out) {
        out.bytes(cookie);
    }
}
