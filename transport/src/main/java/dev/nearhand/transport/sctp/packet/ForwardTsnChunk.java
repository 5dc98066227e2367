package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells the receiver not to wait for abandoned data
/// ([RFC 3758 section 3.2](https://www.rfc-editor.org/rfc/rfc3758#section-3.2)).
///
/// @param skipped for each stream with abandoned ordered messages, the last one of them
public record ForwardTsnChunk(int newCumulativeTsn, List<Skipped> skipped) implements Chunk {
    /// The last abandoned message of a stream.
    public record Skipped(int streamId, int ssn) {
        public static final int BYTES = 4;
    }

    /// What the chunk takes without skipped streams.
    public static final int MIN_BYTES = 8;

    public ForwardTsnChunk {
        skipped = List.copyOf(skipped);
    }

    static @Nullable ForwardTsnChunk parse(ByteReader value) {
        int newCumulativeTsn = value.i32();
        List<Skipped> skipped = new ArrayList<>(value.remaining() / Skipped.BYTES);
        while (value.hasRemaining()) {
            skipped.add(new Skipped(value.u16(), value.u16()));
        }
        return value.isTruncated() ? null : new ForwardTsnChunk(newCumulativeTsn, skipped);
    }

    @Override
    public int type() {
        return ChunkType.FORWARD_TSN;
    }

    @Override
    public int flags() {
        return 0;
    }

    @Override
    public int valueBytes() {
        return MIN_BYTES - HEADER_BYTES + skipped.size() * Skipped.BYTES;
    }

    @Override
    public void writeValue(ByteWriter out) {
        out.i32(newCumulativeTsn);
        for (Skipped skip : skipped) {
            out.u16(skip.streamId).u16(skip.ssn);
        }
    }
}
