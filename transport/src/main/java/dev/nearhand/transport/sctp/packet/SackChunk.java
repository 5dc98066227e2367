package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Selective acknowledgement ([RFC 9260 section 3.3.4](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.4)).
///
/// @param gaps gap blocks of two 16-bit offsets from `cumulativeTsn` each, first and last TSN of a block
/// @param duplicates TSNs of 32 bits that arrived more than once
public record SackChunk(int cumulativeTsn, long windowBytes, ByteBuffer gaps, ByteBuffer duplicates) implements Chunk {
    /// What a SACK takes without gap blocks and duplicates.
    public static final int MIN_BYTES = 16;

    static @Nullable SackChunk parse(ByteReader value) {
        int cumulativeTsn = value.i32();
        long window = value.u32();
        int gapCount = value.u16();
        int duplicateCount = value.u16();
        ByteBuffer gaps = value.slice(gapCount * 4);
        ByteBuffer duplicates = value.slice(duplicateCount * 4);
        return value.isTruncated() ? null : new SackChunk(cumulativeTsn, window, gaps, duplicates);
    }

    public int gapCount() {
        return gaps.remaining() / 4;
    }

    /// Offset of a block's first TSN from the cumulative one; 0 and starts after ends come from confused peers only.
    public int gapStart(int index) {
        return gaps.getShort(gaps.position() + index * 4) & 0xFFFF;
    }

    public int gapEnd(int index) {
        return gaps.getShort(gaps.position() + index * 4 + 2) & 0xFFFF;
    }

    @Override
    public int type() {
        return ChunkType.SACK;
    }

    @Override
    public int flags() {
        return 0;
    }

    @Override
    public int valueBytes() {
        return MIN_BYTES - HEADER_BYTES + gaps.remaining() + duplicates.remaining();
    }

    @Override
    public void writeValue(ByteWriter out) {
        out.i32(cumulativeTsn)
                .u32(windowBytes)
                .u16(gapCount())
                .u16(duplicates.remaining() / 4)
                .bytes(gaps)
                .bytes(duplicates);
    }
}
