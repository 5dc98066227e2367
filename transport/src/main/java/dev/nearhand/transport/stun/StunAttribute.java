package dev.nearhand.transport.stun;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The attributes that ICE and TURN look at (RFC 8489 section 14, RFC 8445 section 16.1, RFC 8656 section 18), one
/// record each.
///
/// MESSAGE-INTEGRITY and FINGERPRINT are not among them: they seal a message ([StunMessage#write], [StunParse]).
public sealed interface StunAttribute {
    int MAPPED_ADDRESS = 0x0001;
    int USERNAME = 0x0006;
    int MESSAGE_INTEGRITY = 0x0008;
    int ERROR_CODE = 0x0009;
    int UNKNOWN_ATTRIBUTES = 0x000A;
    int CHANNEL_NUMBER = 0x000C;
    int LIFETIME = 0x000D;
    int XOR_PEER_ADDRESS = 0x0012;
    int DATA = 0x0013;
    int REALM = 0x0014;
    int NONCE = 0x0015;
    int XOR_RELAYED_ADDRESS = 0x0016;
    int REQUESTED_ADDRESS_FAMILY = 0x0017;
    int EVEN_PORT = 0x0018;
    int REQUESTED_TRANSPORT = 0x0019;
    int DONT_FRAGMENT = 0x001A;
    int XOR_MAPPED_ADDRESS = 0x0020;
    int RESERVATION_TOKEN = 0x0022;
    int PRIORITY = 0x0024;
    int USE_CANDIDATE = 0x0025;
    int ADDITIONAL_ADDRESS_FAMILY = 0x8000;
    int ADDRESS_ERROR_CODE = 0x8001;
    int SOFTWARE = 0x8022;
    int ALTERNATE_SERVER = 0x8023;
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
        public static final int TRY_ALTERNATE = 300;
        public static final int BAD_REQUEST = 400;
        public static final int UNAUTHENTICATED = 401;
        public static final int FORBIDDEN = 403;
        public static final int UNKNOWN_ATTRIBUTE = 420;
        public static final int ALLOCATION_MISMATCH = 437;
        public static final int STALE_NONCE = 438;
        public static final int ADDRESS_FAMILY_NOT_SUPPORTED = 440;
        public static final int WRONG_CREDENTIALS = 441;
        public static final int UNSUPPORTED_TRANSPORT = 442;
        public static final int PEER_ADDRESS_FAMILY_MISMATCH = 443;
        public static final int ALLOCATION_QUOTA_REACHED = 486;
        public static final int ROLE_CONFLICT = 487;
        public static final int INSUFFICIENT_CAPACITY = 508;

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

    /// Where a peer of a relayed address is.
    record XorPeerAddress(InetSocketAddress address) implements StunAttribute {
        @Override
        public int type() {
            return XOR_PEER_ADDRESS;
        }
    }

    /// The address that a server relays for its client.
    record XorRelayedAddress(InetSocketAddress address) implements StunAttribute {
        @Override
        public int type() {
            return XOR_RELAYED_ADDRESS;
        }
    }

    /// Another server, to be asked instead.
    record AlternateServer(InetSocketAddress address) implements StunAttribute {
        @Override
        public int type() {
            return ALTERNATE_SERVER;
        }
    }

    /// @param number 16 bits; 0x4000–0x4FFF may be bound
    record ChannelNumber(int number) implements StunAttribute {
        public ChannelNumber {
            if (number < 0 || number > 0xFFFF) {
                throw new IllegalArgumentException("CHANNEL-NUMBER has 16 bits: " + number);
            }
        }

        @Override
        public int type() {
            return CHANNEL_NUMBER;
        }
    }

    /// @param seconds 32 unsigned bits
    record Lifetime(long seconds) implements StunAttribute {
        public Lifetime {
            if (seconds < 0 || seconds > 0xFFFF_FFFFL) {
                throw new IllegalArgumentException("LIFETIME has 32 bits: " + seconds);
            }
        }

        @Override
        public int type() {
            return LIFETIME;
        }
    }

    /// @param value the relayed datagram, possibly empty; read-only
    record Data(ByteBuffer value) implements StunAttribute {
        public Data {
            byte[] copy = new byte[value.remaining()];
            value.duplicate().get(copy);
            value = ByteBuffer.wrap(copy).asReadOnlyBuffer();
        }

        @Override
        public int type() {
            return DATA;
        }
    }

    /// @param protocol an IP protocol number; 17 is UDP
    record RequestedTransport(int protocol) implements StunAttribute {
        public static final int UDP = 17;

        public RequestedTransport {
            requireByte("REQUESTED-TRANSPORT", protocol);
        }

        @Override
        public int type() {
            return REQUESTED_TRANSPORT;
        }
    }

    /// @param family 1 for IPv4, 2 for IPv6
    record RequestedAddressFamily(int family) implements StunAttribute {
        public static final int IPV4 = 1;
        public static final int IPV6 = 2;

        public RequestedAddressFamily {
            requireByte("REQUESTED-ADDRESS-FAMILY", family);
        }

        @Override
        public int type() {
            return REQUESTED_ADDRESS_FAMILY;
        }
    }

    /// A second family beside the first, on the same allocation.
    record AdditionalAddressFamily(int family) implements StunAttribute {
        public AdditionalAddressFamily {
            requireByte("ADDITIONAL-ADDRESS-FAMILY", family);
        }

        @Override
        public int type() {
            return ADDITIONAL_ADDRESS_FAMILY;
        }
    }

    /// Why an allocation has no address of one of the two families that were asked for.
    record AddressErrorCode(int family, int code, String reason) implements StunAttribute {
        public AddressErrorCode {
            requireByte("ADDRESS-ERROR-CODE", family);
            if (code < 300 || code > 699) {
                throw new IllegalArgumentException("an error code is 300 to 699, not " + code);
            }
            requireBytes("ADDRESS-ERROR-CODE", reason, ErrorCode.MAX_REASON_BYTES);
        }

        @Override
        public int type() {
            return ADDRESS_ERROR_CODE;
        }
    }

    /// What is relayed is not to be fragmented on its way.
    record DontFragment() implements StunAttribute {
        @Override
        public int type() {
            return DONT_FRAGMENT;
        }
    }

    /// The relayed port is to be even.
    ///
    /// @param reserveNext whether the port above is to be kept for another allocation
    record EvenPort(boolean reserveNext) implements StunAttribute {
        @Override
        public int type() {
            return EVEN_PORT;
        }
    }

    /// Names a port that an [EvenPort] has kept.
    record ReservationToken(long token) implements StunAttribute {
        @Override
        public int type() {
            return RESERVATION_TOKEN;
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

    private static void requireByte(String what, int value) {
        if (value < 0 || value > 0xFF) {
            throw new IllegalArgumentException(what + " has 8 bits: " + value);
        }
    }

    private static void requireBytes(String what, String text, int limit) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > limit) {
            throw new IllegalArgumentException(what + " of " + bytes + " bytes, " + limit + " at most");
        }
    }
}
