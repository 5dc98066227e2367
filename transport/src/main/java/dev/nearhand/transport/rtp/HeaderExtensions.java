package dev.nearhand.transport.rtp;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The elements of an RTP header extension, with heads of one byte or of two (RFC 8285 sections 4.2 and 4.3).
final class HeaderExtensions {
    static final int ONE_BYTE_PROFILE = 0xBEDE;
    static final int TWO_BYTE_PROFILE = 0x1000;

    /// The longest value behind a head of one byte.
    static final int ONE_BYTE_MAX_LENGTH = 16;

    private static final int HEAD_BYTES = 4;

    private static final int TWO_BYTE_MASK = 0xFFF0;
    private static final int PADDING_ID = 0;
    private static final int STOP_ID = 15;

    /// One to be written.
    ///
    /// @param id its number, 1–14
    /// @param value at most 255 bytes; one that is empty, or longer than 16, gives all of them heads of two bytes
    record Element(int id, ByteBuffer value) {}

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

    /// Writes a header extension with these elements, padded to whole words; nothing when there is none.
    static void write(ByteWriter out, List<Element> elements) {
        if (elements.isEmpty()) {
            return;
        }
        boolean oneByte = fitOneByte(elements);
        int bytes = valueBytes(elements, oneByte);
        int words = Math.ceilDiv(bytes, 4);
        out.u16(oneByte ? ONE_BYTE_PROFILE : TWO_BYTE_PROFILE).u16(words);
        for (Element element : elements) {
            if (oneByte) {
                out.u8(element.id() << 4 | element.value().remaining() - 1);
            } else {
                out.u8(element.id()).u8(element.value().remaining());
            }
            out.bytes(element.value().duplicate());
        }
        out.zeros(4 * words - bytes);
    }

    /// How many bytes [#write] writes.
    static int bytes(List<Element> elements) {
        return elements.isEmpty() ? 0 : HEAD_BYTES + 4 * Math.ceilDiv(valueBytes(elements, fitOneByte(elements)), 4);
    }

    /// How far behind the beginning of what [#write] writes the first value stands.
    static int firstValueOffset(List<Element> elements) {
        return HEAD_BYTES + (fitOneByte(elements) ? 1 : 2);
    }

    private static int valueBytes(List<Element> elements, boolean oneByte) {
        return elements.stream()
                .mapToInt(element -> element.value().remaining() + (oneByte ? 1 : 2))
                .sum();
    }

    private static boolean fitOneByte(List<Element> elements) {
        return elements.stream()
                .allMatch(element -> element.value().hasRemaining()
                        && element.value().remaining() <= ONE_BYTE_MAX_LENGTH
                        && element.id() < STOP_ID);
    }
}
