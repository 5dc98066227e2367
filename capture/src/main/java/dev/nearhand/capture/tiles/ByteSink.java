package dev.nearhand.capture.tiles;

import java.util.Arrays;

/// Bytes that grow as they are written, and stay allocated for the next time.
final class ByteSink {
    private byte[] bytes;
    private int size;

    ByteSink(int expected) {
        bytes = new byte[expected];
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    void size(int now) {
        ensure(now - size);
        size = now;
    }

    void clear() {
        size = 0;
    }

    void put(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    void putColour(int rgb) {
        ensure(3);
        bytes[size++] = (byte) (rgb >> 16);
        bytes[size++] = (byte) (rgb >> 8);
        bytes[size++] = (byte) rgb;
    }

    /// Seven bits a byte, the lowest first; the last byte has its highest bit clear.
    void putVarint(long value) {
        long left = value;
        while (left > 0x7f) {
            put((int) (left & 0x7f | 0x80));
            left >>>= 7;
        }
        put((int) left);
    }

    /// Makes room for so many more and answers where they begin; they count as written.
    int reserve(int length) {
        ensure(length);
        int begin = size;
        size += length;
        return begin;
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }
}
