package dev.nearhand.transport.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Writes big-endian fields into a buffer that somebody lent. A buffer that is too small is the caller's bug and throws
/// `BufferOverflowException`.
public final class ByteWriter {
    private final ByteBuffer bytes;
    private final int start;

    public ByteWriter(ByteBuffer target) {
        this.bytes = target.order(ByteOrder.BIG_ENDIAN);
        this.start = target.position();
    }

    /// How many bytes have been written through this writer.
    public int length() {
        return bytes.position() - start;
    }

    public int remaining() {
        return bytes.remaining();
    }

    public ByteWriter u8(int value) {
        bytes.put((byte) value);
        return this;
    }

    public ByteWriter u16(int value) {
        bytes.putShort((short) value);
        return this;
    }

    public ByteWriter u24(int value) {
        bytes.put((byte) (value >> 16)).putShort((short) value);
        return this;
    }

    public ByteWriter i32(int value) {
        bytes.putInt(value);
        return this;
    }

    public ByteWriter u32(long value) {
        bytes.putInt((int) value);
        return this;
    }

    public ByteWriter i64(long value) {
        bytes.putLong(value);
        return this;
    }

    public ByteWriter bytes(byte[] value) {
        bytes.put(value);
        return this;
    }

    /// Copies all of `value` without moving its position.
    public ByteWriter bytes(ByteBuffer value) {
        bytes.put(value.duplicate());
        return this;
    }

    public ByteWriter zeros(int count) {
        for (int i = 0; i < count; i++) {
            bytes.put((byte) 0);
        }
        return this;
    }

    /// Overwrites a 16-bit field at `offset` bytes from where this writer started.
    public ByteWriter setU16(int offset, int value) {
        bytes.putShort(start + offset, (short) value);
        return this;
    }

    /// Overwrites a 32-bit field at `offset` bytes from where this writer started.
    public ByteWriter setI32(int offset, int value) {
        bytes.putInt(start + offset, value);
        return this;
    }
}
