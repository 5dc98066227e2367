package dev.nearhand.transport.stun;

import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The bytes of single attributes (RFC 8489 section 14, RFC 8445 section 16.1, RFC 8656 section 18).
final class StunAttributeCodec {
    private static final int IPV4 = 1;
    private static final int IPV6 = 2;
    private static final int RESERVE_NEXT = 0x80;

    private StunAttributeCodec() {}

    /// The attribute, or null when its value is not what its type demands.
    static @Nullable StunAttribute read(int type, ByteBuffer value, TransactionId id) {
        int length = value.remaining();
        ByteReader reader = new ByteReader(value);
        return switch (type) {
            case StunAttribute.MAPPED_ADDRESS ->
                mapped(readAddress(reader, new byte[16], 0), StunAttribute.MappedAddress::new);
            case StunAttribute.ALTERNATE_SERVER ->
                mapped(readAddress(reader, new byte[16], 0), StunAttribute.AlternateServer::new);
            case StunAttribute.XOR_MAPPED_ADDRESS -> xorMapped(reader, id, StunAttribute.XorMappedAddress::new);
            case StunAttribute.XOR_PEER_ADDRESS -> xorMapped(reader, id, StunAttribute.XorPeerAddress::new);
            case StunAttribute.XOR_RELAYED_ADDRESS -> xorMapped(reader, id, StunAttribute.XorRelayedAddress::new);
            case StunAttribute.CHANNEL_NUMBER -> length == 4 ? new StunAttribute.ChannelNumber(reader.u16()) : null;
            case StunAttribute.LIFETIME -> length == 4 ? new StunAttribute.Lifetime(reader.u32()) : null;
            case StunAttribute.DATA -> new StunAttribute.Data(value);
            case StunAttribute.REQUESTED_TRANSPORT ->
                length == 4 ? new StunAttribute.RequestedTransport(reader.u8()) : null;
            case StunAttribute.REQUESTED_ADDRESS_FAMILY ->
                length == 4 ? new StunAttribute.RequestedAddressFamily(reader.u8()) : null;
            case StunAttribute.ADDITIONAL_ADDRESS_FAMILY ->
                length == 4 ? new StunAttribute.AdditionalAddressFamily(reader.u8()) : null;
            case StunAttribute.ADDRESS_ERROR_CODE -> readAddressErrorCode(reader);
            case StunAttribute.EVEN_PORT ->
                length == 1 ? new StunAttribute.EvenPort((reader.u8() & RESERVE_NEXT) != 0) : null;
            case StunAttribute.RESERVATION_TOKEN ->
                length == 8 ? new StunAttribute.ReservationToken(reader.i64()) : null;
            case StunAttribute.USERNAME ->
                length > StunAttribute.Username.MAX_BYTES ? null : text(value, StunAttribute.Username::new);
            case StunAttribute.REALM ->
                length > StunAttribute.Realm.MAX_BYTES ? null : text(value, StunAttribute.Realm::new);
            case StunAttribute.NONCE ->
                length > StunAttribute.Nonce.MAX_BYTES ? null : text(value, StunAttribute.Nonce::new);
            case StunAttribute.SOFTWARE ->
                length > StunAttribute.Software.MAX_BYTES ? null : text(value, StunAttribute.Software::new);
            case StunAttribute.ERROR_CODE -> readErrorCode(reader);
            case StunAttribute.UNKNOWN_ATTRIBUTES -> readUnknownAttributes(reader);
            case StunAttribute.PRIORITY -> length == 4 ? new StunAttribute.Priority(reader.u32()) : null;
            case StunAttribute.DONT_FRAGMENT -> length == 0 ? new StunAttribute.DontFragment() : null;
            case StunAttribute.USE_CANDIDATE -> length == 0 ? new StunAttribute.UseCandidate() : null;
            case StunAttribute.ICE_CONTROLLED -> length == 8 ? new StunAttribute.IceControlled(reader.i64()) : null;
            case StunAttribute.ICE_CONTROLLING -> length == 8 ? new StunAttribute.IceControlling(reader.i64()) : null;
            default -> new StunAttribute.Unknown(type, value);
        };
    }

    static void write(StunAttribute attribute, TransactionId id, ByteWriter into) {
        switch (attribute) {
            case StunAttribute.MappedAddress a -> writeAddress(into, a.type(), a.address(), new byte[16], 0);
            case StunAttribute.AlternateServer a -> writeAddress(into, a.type(), a.address(), new byte[16], 0);
            case StunAttribute.XorMappedAddress a -> writeXorAddress(into, a.type(), a.address(), id);
            case StunAttribute.XorPeerAddress a -> writeXorAddress(into, a.type(), a.address(), id);
            case StunAttribute.XorRelayedAddress a -> writeXorAddress(into, a.type(), a.address(), id);
            case StunAttribute.ChannelNumber a ->
                into.u16(a.type()).u16(4).u16(a.number()).u16(0);
            case StunAttribute.Lifetime a -> into.u16(a.type()).u16(4).u32(a.seconds());
            case StunAttribute.Data a -> writeBytes(into, a.type(), a.value());
            case StunAttribute.RequestedTransport a ->
                into.u16(a.type()).u16(4).u8(a.protocol()).u24(0);
            case StunAttribute.RequestedAddressFamily a ->
                into.u16(a.type()).u16(4).u8(a.family()).u24(0);
            case StunAttribute.Username a -> writeValue(into, a.type(), utf8(a.value()));
            case StunAttribute.Realm a -> writeValue(into, a.type(), utf8(a.value()));
            case StunAttribute.Nonce a -> writeValue(into, a.type(), utf8(a.value()));
            case StunAttribute.Software a -> writeValue(into, a.type(), utf8(a.value()));
            case StunAttribute.ErrorCode a -> writeError(into, a.type(), 0, a.code(), a.reason());
            case StunAttribute.AddressErrorCode a -> writeError(into, a.type(), a.family(), a.code(), a.reason());
            case StunAttribute.AdditionalAddressFamily a ->
                into.u16(a.type()).u16(4).u8(a.family()).u24(0);
            case StunAttribute.EvenPort a ->
                into.u16(a.type()).u16(1).u8(a.reserveNext() ? RESERVE_NEXT : 0).u24(0);
            case StunAttribute.ReservationToken a -> into.u16(a.type()).u16(8).i64(a.token());
            case StunAttribute.UnknownAttributes a -> {
                into.u16(a.type()).u16(2 * a.types().size());
                a.types().forEach(into::u16);
                into.zeros(2 * a.types().size() % 4);
            }
            case StunAttribute.Priority a -> into.u16(a.type()).u16(4).u32(a.priority());
            case StunAttribute.DontFragment a -> into.u16(a.type()).u16(0);
            case StunAttribute.UseCandidate a -> into.u16(a.type()).u16(0);
            case StunAttribute.IceControlled a -> into.u16(a.type()).u16(8).i64(a.tieBreaker());
            case StunAttribute.IceControlling a -> into.u16(a.type()).u16(8).i64(a.tieBreaker());
            case StunAttribute.Unknown a -> writeBytes(into, a.type(), a.value());
        }
    }

    private static @Nullable StunAttribute mapped(
            @Nullable InetSocketAddress address, Function<InetSocketAddress, StunAttribute> make) {
        return address == null ? null : make.apply(address);
    }

    private static @Nullable StunAttribute xorMapped(
            ByteReader reader, TransactionId id, Function<InetSocketAddress, StunAttribute> make) {
        return mapped(readAddress(reader, xorBytes(id), StunMessage.MAGIC_COOKIE >>> 16), make);
    }

    private static @Nullable InetSocketAddress readAddress(ByteReader reader, byte[] addressXor, int portXor) {
        reader.u8();
        int family = reader.u8();
        int port = reader.u16() ^ portXor;
        int expected = family == IPV4 ? 4 : family == IPV6 ? 16 : -1;
        if (reader.isTruncated() || reader.remaining() != expected) {
            return null;
        }
        byte[] bytes = reader.bytes(expected);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(xor(bytes, addressXor)), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("4 and 16 bytes are addresses", impossible);
        }
    }

    private static void writeXorAddress(ByteWriter into, int type, InetSocketAddress address, TransactionId id) {
        writeAddress(into, type, address, xorBytes(id), StunMessage.MAGIC_COOKIE >>> 16);
    }

    private static void writeBytes(ByteWriter into, int type, ByteBuffer value) {
        int length = value.remaining();
        into.u16(type).u16(length).bytes(value).zeros(-length & 3);
    }

    private static void writeAddress(
            ByteWriter into, int type, InetSocketAddress address, byte[] addressXor, int portXor) {
        byte[] bytes = address.getAddress().getAddress();
        into.u16(type).u16(4 + bytes.length);
        into.u8(0).u8(bytes.length == 4 ? IPV4 : IPV6).u16(address.getPort() ^ portXor);
        into.bytes(xor(bytes, addressXor));
    }

    private static byte[] xor(byte[] bytes, byte[] with) {
        byte[] result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            result[i] = (byte) (bytes[i] ^ with[i]);
        }
        return result;
    }

    /// The cookie and the transaction id, which hide an address from boxes that rewrite what looks like one.
    private static byte[] xorBytes(TransactionId id) {
        return ByteBuffer.allocate(16)
                .putInt(StunMessage.MAGIC_COOKIE)
                .putInt(id.high())
                .putLong(id.low())
                .array();
    }

    private static @Nullable StunAttribute readErrorCode(ByteReader reader) {
        reader.u16();
        return readError(reader, StunAttribute.ErrorCode::new);
    }

    private static @Nullable StunAttribute readAddressErrorCode(ByteReader reader) {
        int family = reader.u8();
        reader.u8();
        return readError(reader, (code, reason) -> new StunAttribute.AddressErrorCode(family, code, reason));
    }

    private static @Nullable StunAttribute readError(
            ByteReader reader, BiFunction<Integer, String, StunAttribute> make) {
        int hundreds = reader.u8() & 7;
        int rest = reader.u8();
        if (reader.isTruncated()
                || hundreds < 3
                || hundreds > 6
                || rest > 99
                || reader.remaining() > StunAttribute.ErrorCode.MAX_REASON_BYTES) {
            return null;
        }
        return text(reader.slice(reader.remaining()), reason -> make.apply(hundreds * 100 + rest, reason));
    }

    private static void writeError(ByteWriter into, int type, int family, int code, String reason) {
        byte[] text = utf8(reason);
        into.u16(type).u16(4 + text.length).u8(family).u8(0).u8(code / 100).u8(code % 100);
        into.bytes(text).zeros(-text.length & 3);
    }

    private static @Nullable StunAttribute readUnknownAttributes(ByteReader reader) {
        if (reader.remaining() % 2 != 0 || reader.remaining() > 2 * StunParser.ATTRIBUTES_LIMIT) {
            return null;
        }
        List<Integer> types = new ArrayList<>();
        while (reader.hasRemaining()) {
            types.add(reader.u16());
        }
        return new StunAttribute.UnknownAttributes(types);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void writeValue(ByteWriter into, int type, byte[] value) {
        into.u16(type).u16(value.length).bytes(value).zeros(-value.length & 3);
    }

    /// The attribute of a text, or null when the bytes are not UTF-8.
    private static @Nullable StunAttribute text(ByteBuffer value, Function<String, StunAttribute> make) {
        try {
            return make.apply(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(value.duplicate())
                    .toString());
        } catch (CharacterCodingException _) {
            return null;
        }
    }
}
