package dev.nearhand.transport.stun;

/// What a message is for (RFC 8489 section 5). The order is that of the two class bits.
public enum StunClass {
    REQUEST,
    INDICATION,
    SUCCESS_RESPONSE,
    ERROR_RESPONSE;

    private static final StunClass[] BY_BITS = values();

    /// The message type field: a method's twelve bits with this class's two in between.
    int typeOf(int method) {
        int low = method & 0x00F;
        int middle = (method & 0x070) << 1;
        int high = (method & 0xF80) << 2;
        return high | middle | low | (ordinal() & 2) << 7 | (ordinal() & 1) << 4;
    }

    static StunClass ofType(int type) {
        return BY_BITS[type >> 7 & 2 | type >> 4 & 1];
    }

    static int methodOfType(int type) {
        return type & 0x000F | type >> 1 & 0x0070 | type >> 2 & 0x0F80;
    }
}
