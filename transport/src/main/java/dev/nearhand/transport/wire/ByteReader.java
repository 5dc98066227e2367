package dev.nearhand.transport.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads big-endian fields of a packet without ever throwing on a short one.
///
/// A read beyond the end answers 0 (or an empty slice) and makes [#isTruncated] true for good, so a parser reads
/// a whole structure and asks once. Does not change the position of the buffer it was made from.
public final class ByteReader {
    private final ByteBuffer bytes;
    private boolean truncated;

    public ByteReader(ByteBuffer source) {
        this.bytes = source.slice().order(ByteOrder.BIG_ENDIAN);
    }

    public boolean isTruncated() {
        return truncated;
    }

    public int remaining() {
        return bytes.remaining();
    }

    public boolean hasRemaining() {
        return bytes.hasRemaining();
    }

    public int position() {
        return bytes.position();
    }

    public int u8() {
        return has(1) ? bytes.get() & 0xFF : 0;
    }

    public int u16() {
        return has(2) ? bytes.getShort() & 0xFFFF : 0;
    }

    public int u24() {
        return has(3) ? (bytes.get() & 0xFF) << 16 | bytes.getShort() & 0xFFFF : 0;
    }

    public int i32() {
        return has(4) ? bytes.getInt() : 0;
    }

    public long u32() {
        return i32() & 0xFFFF_FFFFL;
    }

    public long i64() {
        return has(8) ? bytes.getLong() : 0;
    }

    public void skip(int count) {
        if (has(count)) {
            bytes.position(bytes.position() + count);
        }
    }

    /// A view of the next `count` bytes, valid as long as the source is; empty when there are not that many.
    public ByteBuffer slice(int count) {
        if (!has(count)) {
            return ByteBuffer.allocate(0);
        }
        ByteBuffer slice = bytes.slice(bytes.position(), count);
        bytes.position(bytes.position() + count);
        return slice;
    }

    /// A copy of the next `count` bytes; empty when there are not that many.
    public byte[] bytes(int count) {
        if (!has(count)) {
            return new byte[0];
        }
        byte[] copy = new byte[count];
        bytes.get(copy);
        return copy;
    }

    private boolean has(int count) {
        if (count < 0 || bytes.remaining() < count) {
            truncated = true;
            bytes.position(bytes.limit());
            return false;
        }
        return true;
    }
}
