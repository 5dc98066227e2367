package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Answers a HEARTBEAT with its own information
/// ([RFC 9260 section 3.3.6](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.6)).
///
/// @param info opaque to everyone but the sender of the HEARTBEAT
public record HeartbeatAckChunk(ByteBuffer info) implements Chunk {
    static @Nullable HeartbeatAckChunk parse(ByteReader value) {
        ByteBuffer info = HeartbeatInfo.parse(value);
        return info == null ? null : new HeartbeatAckChunk(info);
    }

    @Override
    public int type() {
        return ChunkType.HEARTBEAT_ACK;
    }

    @Override
    public int flags() {
        return 0;
    }

    @Override
    public int valueBytes() {
        return HeartbeatInfo.sizeBytes(info);
    }

    @Override
    public void writeValue(ByteWriter out) {
        HeartbeatInfo.write(info, out);
    }
}
