package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// I-FORWARD-TSN: tells the receiver not to wait for abandoned I-DATA
/// ([RFC 8260 section 2.3.1](https://www.rfc-editor.org/rfc/rfc8260#section-2.3.1)).
public record InterleavedForwardTsnChunk(int newCumulativeTsn, List<Skipped> skipped) implements Chunk {
    /// The last abandoned message of a stream, of its ordered or its unordered ones.
    public record Skipped(int streamId, boolean unordered, int mid) {
        public static final int BYTES = 8;
    }

    /// What the chunk takes without skipped streams.
    public static final int MIN_BYTES = 8;

    public InterleavedForwardTsnChunk {
        skipped = List.copyOf(skipped);
    }

    static @Nullable InterleavedForwardTsnChunk parse(ByteReader value) {
        int newCumulativeTsn = value.i32();
        List<Skipped> skipped = new ArrayList<>(value.remaining() / Skipped.BYTES);
        while (value.hasRemaining()) {
            skipped.add(new Skipped(value.u16(), (value.u16() & 1) != 0, value.i32()));
        }
        return value.isTruncated() ? null : new InterleavedForwardTsnChunk(newCumulativeTsn, skipped);
    }

    @Override
    public int type() {
        return ChunkType.I_FORWARD_TSN;
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
            out.u16(skip.streamId).u16(skip.unordered ? 1 : 0).i32(skip.mid);
        }
    }
}
