package dev.nearhand.transport.payload;

import dev.nearhand.transport.wire.ByteReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parity packet (RFC 5109 section 7): the exclusive-or of what it protects, the headers of it and the rest.
///
/// Only reads what stands there. What can be computed from it is the business of whoever keeps the media packets.
///
/// @param flags of the first byte of a header: padding, extension and number of contributing sources, six bits
/// @param markerAndType of the second byte: marker and payload type, eight bits
/// @param base the sequence number that the masks count from, 0–65535
/// @param timestamp of the headers
/// @param length of the lengths of the packets, each without its first twelve bytes; 16 bits
/// @param levels 1–[#MAX_LEVELS], in order
public record UlpfecPacket(int flags, int markerAndType, int base, int timestamp, int length, List<Level> levels) {
    /// How many packets one can protect: the bits of the longer mask.
    public static final int MAX_PROTECTED = 48;

    /// Levels in one packet; one with more is refused. Senders are known to use one, RFC 5109 shows two.
    public static final int MAX_LEVELS = 8;

    private static final int LONG_MASK = 0x40;
    private static final int SHORT_MASK_BITS = 16;

    /// The same bytes of several packets (section 7.4).
    ///
    /// @param offset where they begin, counted from behind the first twelve bytes of a packet
    /// @param mask bit i is set when the packet with the number `base` + i is protected; never 0
    /// @param data their exclusive-or, a view
    public record Level(int offset, long mask, ByteBuffer data) {
        /// The first byte that is not protected at this level.
        public int end() {
            return offset + data.remaining();
        }

        public boolean covers(int bit) {
            return bit >= 0 && bit < MAX_PROTECTED && (mask >> bit & 1) != 0;
        }
    }

    public UlpfecPacket {
        levels = List.copyOf(levels);
    }

    /// Reads a payload without moving it; null when it is cut short, goes on behind its last level, has more than
    /// [#MAX_LEVELS], or a level protects nothing.
    public static @Nullable UlpfecPacket parse(ByteBuffer payload) {
        ByteReader in = new ByteReader(payload);
        int first = in.u8(); // "The E bit … SHOULD be ignored by the receiver"
        int second = in.u8();
        int base = in.u16();
        int timestamp = in.i32();
        int length = in.u16();
        List<Level> levels = new ArrayList<>();
        int offset = 0;
        do {
            int bytes = in.u16();
            long mask = mask(in, (first & LONG_MASK) != 0);
            Level level = new Level(offset, mask, in.slice(bytes));
            if (in.isTruncated() || mask == 0 || levels.size() == MAX_LEVELS) {
                return null;
            }
            levels.add(level);
            offset += bytes;
        } while (in.hasRemaining());
        return new UlpfecPacket(first & 0x3F, second, base, timestamp, length, levels);
    }

    /// The masks begin with the highest bit.
    private static long mask(ByteReader in, boolean isLong) {
        long bits = in.u16();
        int count = SHORT_MASK_BITS;
        if (isLong) {
            bits = bits << 32 | in.u32();
            count = MAX_PROTECTED;
        }
        return Long.reverse(bits) >>> Long.SIZE - count;
    }

    /// Everything that it protects, at whichever level, as a mask.
    public long protectedMask() {
        long all = 0;
        for (Level level : levels) {
            all |= level.mask();
        }
        return all;
    }
}
