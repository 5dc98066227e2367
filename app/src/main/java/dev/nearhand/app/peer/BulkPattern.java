package dev.nearhand.app.peer;

import java.nio.ByteBuffer;

/// The messages of a verified transfer: byte k of message i is (i + k) & 255, and its first four bytes are i,
/// big-endian (of a shorter message, as many as it has). One buffer holds them all; single-threaded.
final class BulkPattern {
    private static final int PERIOD = 256;

    private final ByteBuffer all;
    private final int size;

    /// @param size bytes of a message
    BulkPattern(int size) {
        this.size = size;
        this.all = bytes(size);
    }

    private static ByteBuffer bytes(int size) {
        byte[] bytes = new byte[size + PERIOD];
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] = (byte) at;
        }
        return ByteBuffer.wrap(bytes);
    }

    /// How a message is used before the buffer holds the next one.
    interface Use {
        void accept(ByteBuffer message);
    }

    void with(int index, Use use) {
        int from = index & (PERIOD - 1);
        ByteBuffer message = all.slice(from, size);
        int head = Math.min(Integer.BYTES, size);
        for (int at = 0; at < head; at++) {
            message.put(at, (byte) (index >>> (24 - 8 * at)));
        }
        use.accept(message);
        for (int at = 0; at < head; at++) {
            message.put(at, (byte) (from + at));
        }
    }

    int size() {
        return size;
    }

    /// Where a message differs from the one that its first bytes say it is, or -1. Of less than four bytes nothing is
    /// known.
    int difference(ByteBuffer message) {
        if (message.remaining() <= Integer.BYTES) {
            return -1;
        }
        int from = message.getInt(message.position()) & (PERIOD - 1);
        int rest = message.remaining() - Integer.BYTES;
        int at =
                all.slice(from + Integer.BYTES, rest).mismatch(message.slice(message.position() + Integer.BYTES, rest));
        return at < 0 ? -1 : at + Integer.BYTES;
    }
}
