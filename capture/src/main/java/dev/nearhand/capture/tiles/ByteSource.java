package dev.nearhand.capture.tiles;

/// Bytes from the other side, read with every bound checked.
final class ByteSource {
    private final byte[] bytes;
    private final int end;
    private int position;

    ByteSource(byte[] bytes, int begin, int end) {
        this.bytes = bytes;
        this.position = begin;
        this.end = end;
    }

    boolean hasMore() {
        return position < end;
    }

    int take() throws MalformedTilesException {
        if (position >= end) {
            throw new MalformedTilesException("ends too early");
        }
        return bytes[position++] & 0xff;
    }

    int takeColour() throws MalformedTilesException {
        return take() << 16 | take() << 8 | take();
    }

    /// At most 56 bits.
    long takeVarint() throws MalformedTilesException {
        long value = 0;
        for (int shift = 0; shift < 56; shift += 7) {
            int next = take();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new MalformedTilesException("a number is too long");
    }

    /// Skips so many and answers where they begin.
    int skip(int length) throws MalformedTilesException {
        if (length > end - position) {
            throw new MalformedTilesException("ends too early");
        }
        int begin = position;
        position += length;
        return begin;
    }

    byte[] bytes() {
        return bytes;
    }
}
