package dev.nearhand.transport.stun;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The attributes that ICE and TURN look at (RFC 8489 section 14, RFC 8445 section 16.1), one record each.
///
/// MESSAGE-INTEGRITY and FINGERPRINT are not among them: they seal a message ([StunMessage#write], [StunParse]).
public sealed interface StunAttribute {
    int MAPPED_ADDRESS = 0x0001;
    int USERNAME = 0x0006;
    int MESSAGE_INTEGRITY = 0x0008;
    int ERROR_CODE = 0x0009;
    int UNKNOWN_ATTRIBUTES = 0x000A;
    int REALM = 0x0014;
    int NONCE = 0x0015;
    int XOR_MAPPED_ADDRESS = 0x0020;
    int PRIORITY = 0x0024;
    int USE_CANDIDATE = 0x0025;
    int SOFTWARE = 0x8022;
    int FINGERPRINT = 0x8028;
    int ICE_CONTROLLED = 0x8029;
    int ICE_CONTROLLING = 0x802A;

    /// Whether a receiver that does not know an attribute must refuse the message.
    static boolean isComprehensionRequired(int type) {
        return type < 0x8000;
    }

    /// The 16-bit attribute type.
    int type();

    record MappedAddress(InetSocketAddress address) implements StunAttribute {
        @Override
        public int type() {
            return MAPPED_ADDRESS;
        }
    }

    record XorMappedAddress(InetSocketAddress address) implements StunAttribute {
        @Override
        public int type() {
            return XOR_MAPPED_ADDRESS;
        }
    }

    /// @param value less than 509 bytes of UTF-8 for a receiver, so much is written; up to 513 is read
    record Username(String value) implements StunAttribute {
        static final int MAX_BYTES = 513;

        public Username {
            requireBytes("USERNAME", value, MAX_BYTES);
        }

        @Override
        public int type() {
            return USERNAME;
        }
    }

    record Realm(String value) implements StunAttribute {
        static final int MAX_BYTES = 763;

        public Realm {
            requireBytes("REALM", value, MAX_BYTES);
        }

        @Override
        public int type() {
            return REALM;
        }
    }

    record Nonce(String value) implements StunAttribute {
        static final int MAX_BYTES = 763;

        public Nonce {
            requireBytes("NONCE", value, MAX_BYTES);
        }

        @Override
        public int type() {
            return NONCE;
        }
    }

    record Software(String value) implements StunAttribute {
        static final int MAX_BYTES = 763;

        public Software {
            requireBytes("SOFTWARE", value, MAX_BYTES);
        }

        @Override
        public int type() {
            return SOFTWARE;
        }
    }

    /// @param code 300–699
    record ErrorCode(int code, String reason) implements StunAttribute {
        public static final int BAD_REQUEST = 400;
        public static final int UNAUTHENTICATED = 401;
        public static final int UNKNOWN_ATTRIBUTE = 420;
        public static final int ROLE_CONFLICT = 487;

        static final int MAX_REASON_BYTES = 763;

        public ErrorCode {
            if (code < 300 || code > 699) {
                throw new IllegalArgumentException("an error code is 300 to 699, not " + code);
            }
            requireBytes("ERROR-CODE", reason, MAX_REASON_BYTES);
        }

        @Override
        public int type() {
            return ERROR_CODE;
        }
    }

    /// @param types of a request's comprehension-required attributes that were not understood
    record UnknownAttributes(List<Integer> types) implements StunAttribute {
        public UnknownAttributes {
            types = List.copyOf(types);
        }

        @Override
        public int type() {
            return UNKNOWN_ATTRIBUTES;
        }
    }

    /// @param priority 32 unsigned bits
    record Priority(long priority) implements StunAttribute {
        public Priority {
            if (priority < 0 || priority > 0xFFFF_FFFFL) {
                throw new IllegalArgumentException("PRIORITY has 32 bits: " + priority);
            }
        }

        @Override
        public int type() {
            return PRIORITY;
        }
    }

    record UseCandidate() implements StunAttribute {
        @Override
        public int type() {
            return USE_CANDIDATE;
        }
    }

    record IceControlled(long tieBreaker) implements StunAttribute {
        @Override
        public int type() {
            return ICE_CONTROLLED;
        }
    }

    record IceControlling(long tieBreaker) implements StunAttribute {
        @Override
        public int type() {
            return ICE_CONTROLLING;
        }
    }

    /// An attribute that none of the others is.
    ///
    /// @param value its bytes, read-only
    record Unknown(int type, ByteBuffer value) implements StunAttribute {
        public Unknown {
            byte[] copy = new byte[value.remaining()];
            value.duplicate().get(copy);
            value = ByteBuffer.wrap(copy).asReadOnlyBuffer();
        }
    }

    private static void requireBytes(String what, String text, int limit) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > limit) {
            throw new IllegalArgumentException(what + " of " + bytes + " bytes, " + limit + " at most");
        }
    }
}
