package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// I-DATA: a fragment that may travel between fragments of other messages
/// ([RFC 8260 section 2.1](https://www.rfc-editor.org/rfc/rfc8260#section-2.1)). Flags are those of [DataChunk].
///
/// @param mid message identifier, counted for each stream, for ordered and unordered messages apart
/// @param ppid payload protocol identifier; told with the first fragment alone, 0 in the others
/// @param fsn fragment sequence number; 0 in the first
public record InterleavedDataChunk(int flags, int tsn, int streamId, int mid, int ppid, int fsn, ByteBuffer payload)
        implements Chunk {
    /// What an I-DATA chunk takes beside its payload.
    public static final int OVERHEAD_BYTES = 20;

    static @Nullable InterleavedDataChunk parse(int flags, ByteReader value) {
        int tsn = value.i32();
        int streamId = value.u16();
        value.skip(2);
        int mid = value.i32();
        int ppidOrFsn = value.i32();
        ByteBuffer payload = value.slice(value.remaining());
        boolean begin = (flags & DataChunk.BEGIN) != 0;
        return value.isTruncated()
                ? null
                : new InterleavedDataChunk(
                        flags & 0x0F, tsn, streamId, mid, begin ? ppidOrFsn : 0, begin ? 0 : ppidOrFsn, payload);
    }

    public boolean isBegin() {
        return (flags & DataChunk.BEGIN) != 0;
    }

    public boolean isEnd() {
        return (flags & DataChunk.END) != 0;
    }

    public boolean isUnordered() {
        return (flags & DataChunk.UNORDERED) != 0;
    }

    /// The sender asks for a SACK without delay.
    public boolean isImmediate() {
        return (flags & DataChunk.IMMEDIATE) != 0;
    }

    @Override
    public int type() {
        return ChunkType.I_DATA;
    }

    @Override
    public int valueBytes() {
        return OVERHEAD_BYTES - HEADER_BYTES + payload.remaining();
    }

    @Override
    public void writeValue(ByteWriter out) {
        out.i32(tsn).u16(streamId).u16(0).i32(mid).i32(isBegin() ? ppid : fsn).bytes(payload);
    }
}
