package dev.nearhand.transport.rtp;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The elements of an RTP header extension, with heads of one byte or of two (RFC 8285 sections 4.2 and 4.3).
final class HeaderExtensions {
    static final int ONE_BYTE_PROFILE = 0xBEDE;
    static final int TWO_BYTE_PROFILE = 0x1000;

    /// The longest value behind a head of one byte.
    static final int ONE_BYTE_MAX_LENGTH = 16;

    private static final int TWO_BYTE_MASK = 0xFFF0;
    private static final int PADDING_ID = 0;
    private static final int STOP_ID = 15;

    private HeaderExtensions() {}

    /// The value of the first element with that number, or null.
    static @Nullable ByteBuffer find(int profile, ByteBuffer elements, int id) {
        if (profile == ONE_BYTE_PROFILE) {
            return findOneByte(new ByteReader(elements), id);
        }
        return (profile & TWO_BYTE_MASK) == TWO_BYTE_PROFILE ? findTwoByte(new ByteReader(elements), id) : null;
    }

    private static @Nullable ByteBuffer findOneByte(ByteReader in, int id) {
        while (in.hasRemaining()) {
            int head = in.u8();
            int found = head >> 4;
            if (head == PADDING_ID) {
                continue;
            }
            // "If the ID value 15 is used … processing of the entire extension MUST terminate"; an ID of 0 with a
            // length is ended at the same way, see section 4.2
            if (found == STOP_ID || found == PADDING_ID) {
                return null;
            }
            ByteBuffer value = in.slice((head & 0x0F) + 1);
            if (in.isTruncated()) {
                return null;
            }
            if (found == id) {
                return value;
            }
        }
        return null;
    }

    private static @Nullable ByteBuffer findTwoByte(ByteReader in, int id) {
        while (in.hasRemaining()) {
            int found = in.u8();
            if (found == PADDING_ID) {
                continue;
            }
            ByteBuffer value = in.slice(in.u8());
            if (in.isTruncated()) {
                return null;
            }
            if (found == id) {
                return value;
            }
        }
        return null;
    }

    /// Writes a header extension with this one element, padded to whole words.
    ///
    /// @param value of at most 255 bytes; an empty one, or one of more than 16, gets a head of two bytes
    static void writeSingle(ByteWriter out, int id, byte[] value) {
        boolean oneByte = value.length > 0 && value.length <= ONE_BYTE_MAX_LENGTH && id < STOP_ID;
        int bytes = value.length + (oneByte ? 1 : 2);
        int words = Math.ceilDiv(bytes, 4);
        out.u16(oneByte ? ONE_BYTE_PROFILE : TWO_BYTE_PROFILE).u16(words);
        if (oneByte) {
            out.u8(id << 4 | value.length - 1);
        } else {
            out.u8(id).u8(value.length);
        }
        out.bytes(value).zeros(4 * words - bytes);
    }

    /// How many bytes [#writeSingle] writes.
    static int singleBytes(byte[] value) {
        return 4
                + 4 * Math.ceilDiv(value.length + (value.length > 0 && value.length <= ONE_BYTE_MAX_LENGTH ? 1 : 2), 4);
    }
}
