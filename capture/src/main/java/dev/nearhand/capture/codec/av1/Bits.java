package dev.nearhand.capture.codec.av1;

import java.nio.ByteBuffer;

/// Bits of a buffer, the highest of each byte first. Beyond the end it reads zeros and remembers that.
final class Bits {
    private final ByteBuffer in;
    private long position;

    Bits(ByteBuffer in) {
        this.in = in;
    }

    boolean flag() {
        return read(1) == 1;
    }

    /// @param count 0–32
    long read(int count) {
        long value = 0;
        for (int bit = 0; bit < count; bit++) {
            int index = (int) (position >> 3);
            int next = index < in.limit() ? in.get(index) >> (7 - (position & 7)) & 1 : 0;
            value = value << 1 | next;
            position++;
        }
        return value;
    }

    void skip(int count) {
        position += count;
    }

    boolean isTruncated() {
        return position > 8L * in.limit();
    }
}
