package dev.nearhand.transport.payload;

import dev.nearhand.transport.wire.ByteReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An open bitstream unit of AV1 (AV1 bitstream specification section 5.3).
///
/// @param header one byte, or two with an extension; its size bit is not set
/// @param body a view of what follows
record Obu(byte[] header, ByteBuffer body) {
    static final int SEQUENCE_HEADER = 1;
    static final int TEMPORAL_DELIMITER = 2;
    static final int TILE_LIST = 8;
    static final int PADDING = 15;

    static final int HAS_SIZE = 0x02;

    /// OBUs of one temporal unit; more are refused.
    static final int MAX_OBUS = 1_024;

    private static final int FORBIDDEN = 0x80;
    private static final int HAS_EXTENSION = 0x04;

    static int type(int header) {
        return header >> 3 & 0x0F;
    }

    int type() {
        return type(header[0]);
    }

    /// "SHOULD be removed when transmitted, and MUST be ignored by receivers": temporal delimiters and tile lists, and
    /// padding with them (RTP Payload Format For AV1, section 5).
    boolean isSent() {
        return type() != TEMPORAL_DELIMITER && type() != TILE_LIST && type() != PADDING;
    }

    /// Reads one, which ends with the bytes when it does not tell its size; null when it is none.
    static @Nullable Obu read(ByteReader in) {
        int first = in.u8();
        boolean extended = (first & HAS_EXTENSION) != 0;
        int extension = extended ? in.u8() : 0;
        int size = (first & HAS_SIZE) != 0 ? Leb128.read(in) : in.remaining();
        if (in.isTruncated() || (first & FORBIDDEN) != 0 || size < 0 || size > in.remaining()) {
            return null;
        }
        byte plain = (byte) (first & ~HAS_SIZE);
        byte[] header = extended ? new byte[] {plain, (byte) extension} : new byte[] {plain};
        return new Obu(header, in.slice(size));
    }

    /// The OBUs of a temporal unit in the low-overhead format, those that are not sent left out; null when it is none.
    static @Nullable List<Obu> readAll(ByteBuffer temporalUnit) {
        ByteReader in = new ByteReader(temporalUnit);
        List<Obu> obus = new ArrayList<>();
        while (in.hasRemaining()) {
            Obu obu = read(in);
            if (obu == null || obus.size() == MAX_OBUS) {
                return null;
            }
            if (obu.isSent()) {
                obus.add(obu);
            }
        }
        return obus;
    }
}
