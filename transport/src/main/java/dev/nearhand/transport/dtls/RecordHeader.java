package dev.nearhand.transport.dtls;

/// The thirteen bytes in front of each record of DTLS 1.2 (RFC 6347 section 4.1).
final class RecordHeader {
    static final int BYTES = 13;

    static final int CHANGE_CIPHER_SPEC = 20;
    static final int ALERT = 21;
    static final int HANDSHAKE = 22;
    static final int APPLICATION_DATA = 23;

    /// DTLS 1.2, in the ones' complement that tells it from TLS.
    static final int VERSION = 0xFEFD;

    /// Sequence numbers have 48 bits and "MUST NOT be allowed to wrap" (RFC 6347 section 4.1).
    static final long LAST_SEQUENCE = (1L << 48) - 1;

    private static final int NUMBER_AT = 3;
    private static final int LENGTH_AT = 11;

    private RecordHeader() {}

    /// @param number epoch and sequence number as one
    static void put(byte[] bytes, int at, int type, long number, int length) {
        bytes[at] = (byte) type;
        bytes[at + 1] = (byte) (VERSION >> 8);
        bytes[at + 2] = (byte) VERSION;
        putLong(bytes, at + NUMBER_AT, number);
        bytes[at + LENGTH_AT] = (byte) (length >> 8);
        bytes[at + LENGTH_AT + 1] = (byte) length;
    }

    static int type(byte[] bytes, int at) {
        return bytes[at] & 0xFF;
    }

    static int version(byte[] bytes, int at) {
        return u16(bytes, at + 1);
    }

    /// Epoch and sequence number as one.
    static long number(byte[] bytes, int at) {
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number = number << 8 | bytes[at + NUMBER_AT + i] & 0xFF;
        }
        return number;
    }

    static int epoch(long number) {
        return (int) (number >>> 48);
    }

    static long sequence(long number) {
        return number & LAST_SEQUENCE;
    }

    /// How many bytes follow the header.
    static int length(byte[] bytes, int at) {
        return u16(bytes, at + LENGTH_AT);
    }

    static void putLong(byte[] bytes, int at, long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[at + i] = (byte) (value >>> 56 - 8 * i);
        }
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }
}
