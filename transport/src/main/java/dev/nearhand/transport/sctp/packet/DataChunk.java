package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// User data, or a fragment of it ([RFC 9260 section 3.3.1](https://www.rfc-editor.org/rfc/rfc9260#section-3.3.1)).
///
/// @param flags [#END], [#BEGIN], [#UNORDERED], [#IMMEDIATE] in any combination
/// @param ssn stream sequence number, 0..65535; meaningless for unordered data
public record DataChunk(int flags, int tsn, int streamId, int ssn, int ppid, ByteBuffer payload) implements Chunk {
    public static final int END = 1;
    public static final int BEGIN = 2;
    public static final int UNORDERED = 4;
    public static final int IMMEDIATE = 8;

    /// What a DATA chunk takes beside its payload.
    public static final int OVERHEAD_BYTES = 16;

    static @Nullable DataChunk parse(int flags, ByteReader value) {
        int tsn = value.i32();
        int streamId = value.u16();
        int ssn = value.u16();
        int ppid = value.i32();
        ByteBuffer payload = value.slice(value.remaining());
        return value.isTruncated() ? null : new DataChunk(flags & 0x0F, tsn, streamId, ssn, ppid, payload);
    }

    public boolean isBegin() {
        return (flags & BEGIN) != 0;
    }

    public boolean isEnd() {
        return (flags & END) != 0;
    }

    public boolean isUnordered() {
        return (flags & UNORDERED) != 0;
    }

    /// The sender asks for a SACK without delay.
    public boolean isImmediate() {
        return (flags & IMMEDIATE) != 0;
    }

    @Override
    public int type() {
        return ChunkType.DATA;
    }

    @Override
    public int valueBytes() {
        return OVERHEAD_BYTES - HEADER_BYTES + payload.remaining();
    }

    @Override
    public void writeValue(ByteWriter out) {
        out.i32(tsn).u16(streamId).u16(ssn).i32(ppid).bytes(payload);
    }
}
