package dev.nearhand.capture.codec.av1;

import java.nio.ByteBuffer;

/// Whether a temporal unit of AV1 begins a sequence, and how large its pictures may be: AV1 bitstream specification,
/// sections 5.3 and 5.5. Reads bytes of any origin and never throws.
public sealed interface Av1SequenceHeader {
    /// @param width of the largest picture that the unit's sequences allow, pixels, 1–65536
    record Found(int width, int height) implements Av1SequenceHeader {}

    /// The unit needs one that came before.
    record None() implements Av1SequenceHeader {}

    /// These bytes are no temporal unit.
    record Malformed() implements Av1SequenceHeader {}

    /// @param unit in the low-overhead format, from position to limit, position unchanged
    static Av1SequenceHeader find(ByteBuffer unit) {
        ByteBuffer in = unit.duplicate();
        if (!in.hasRemaining()) {
            return new Malformed();
        }
        int width = 0;
        int height = 0;
        while (in.hasRemaining()) {
            int header = in.get() & 0xff;
            boolean forbidden = (header & 0x80) != 0;
            boolean extended = (header & 0x04) != 0;
            boolean sized = (header & 0x02) != 0;
            if (forbidden || extended && !in.hasRemaining()) {
                return new Malformed();
            }
            if (extended) {
                in.get();
            }
            long size = sized ? leb128(in) : in.remaining();
            if (size < 0 || size > in.remaining()) {
                return new Malformed();
            }
            ByteBuffer body = in.slice(in.position(), (int) size);
            in.position(in.position() + (int) size);
            if ((header >> 3 & 0x0f) == Syntax.SEQUENCE_HEADER) {
                Bits bits = new Bits(body);
                Syntax.skipToSize(bits);
                int widthBits = (int) bits.read(4) + 1;
                int heightBits = (int) bits.read(4) + 1;
                width = Math.max(width, (int) bits.read(widthBits) + 1);
                height = Math.max(height, (int) bits.read(heightBits) + 1);
                if (bits.isTruncated()) {
                    return new Malformed();
                }
            }
        }
        return width == 0 ? new None() : new Found(width, height);
    }

    /// -1 when it is none, section 4.10.5.
    private static long leb128(ByteBuffer in) {
        long value = 0;
        for (int index = 0; index < 8 && in.hasRemaining(); index++) {
            int next = in.get();
            value |= (long) (next & 0x7f) << 7 * index;
            if ((next & 0x80) == 0) {
                return value <= 0xffff_ffffL ? value : -1;
            }
        }
        return -1;
    }
}
