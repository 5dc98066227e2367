package dev.nearhand.transport.payload;

import dev.nearhand.transport.wire.ByteReader;
import java.io.ByteArrayOutputStream;

/// Numbers of variable length as AV1 writes them (AV1 bitstream specification section 4.10.5), of up to 31 bits.
final class Leb128 {
    /// What is no such number.
    static final int MALFORMED = -1;

    private static final int MAX_BYTES = 8;
    private static final int BITS = 7;

    private Leb128() {}

    static int read(ByteReader in) {
        long value = 0;
        for (int i = 0; i < MAX_BYTES; i++) {
            int next = in.u8();
            value |= (long) (next & 0x7F) << BITS * i;
            if (in.isTruncated()) {
                return MALFORMED;
            }
            if ((next & 0x80) == 0) {
                return value > Integer.MAX_VALUE ? MALFORMED : (int) value;
            }
        }
        return MALFORMED;
    }

    static byte[] write(int value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int left = value;
        while (left >= 0x80) {
            out.write(left & 0x7F | 0x80);
            left >>>= BITS;
        }
        out.write(left);
        return out.toByteArray();
    }

    static int length(int value) {
        return value < 0x80 ? 1 : Math.ceilDiv(Integer.SIZE - Integer.numberOfLeadingZeros(value), BITS);
    }
}
