package dev.nearhand.transport.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StunMessageProperties {
    private static final StunKey KEY = StunKey.shortTerm("some password of enough length");

    @Property(tries = 500)
    void whatIsWrittenIsReadBack(@ForAll("messages") StunMessage message) {
        StunParse parse = StunMessage.parse(written(message));
        assertThat(parse).isInstanceOfSatisfying(StunParse.Received.class, received -> {
            assertThat(received.message()).isEqualTo(message);
            assertThat(received.seal().verify(KEY)).isEqualTo(StunSeal.Verdict.VALID);
        });
    }

    @Property(tries = 200)
    void everyTruncationIsRefused(@ForAll("messages") StunMessage message) {
        ByteBuffer whole = written(message);
        for (int length = 0; length < whole.remaining(); length++) {
            assertThat(StunMessage.parse(whole.slice(0, length))).isInstanceOf(StunParse.Refused.class);
        }
    }

    @Property(tries = 50)
    void noFlippedBitPassesAsTheSendersWord(@ForAll("messages") StunMessage message) {
        byte[] whole = bytes(written(message));
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            if (StunMessage.parse(ByteBuffer.wrap(flipped)) instanceof StunParse.Received received) {
                // a flipped type of FINGERPRINT leaves the message as the sender wrote it
                assertThat(received.seal().verify(KEY) != StunSeal.Verdict.VALID
                                || received.message().equals(message))
                        .isTrue();
            }
        }
    }

    @Property(tries = 2_000)
    void anyBytesAreSurvived(@ForAll byte[] bytes) {
        assertThat(StunMessage.parse(ByteBuffer.wrap(bytes))).isNotNull();
    }

    @Property(tries = 2_000)
    void anyAttributesAreSurvived(@ForAll byte[] attributes) {
        byte[] padded = Arrays.copyOf(attributes, (attributes.length + 3) / 4 * 4);
        ByteBuffer message = ByteBuffer.allocate(20 + padded.length);
        message.putShort((short) 1).putShort((short) padded.length).putInt(StunMessage.MAGIC_COOKIE);
        message.position(20).put(padded).flip();
        assertThat(StunMessage.parse(message)).isNotNull();
    }

    private static ByteBuffer written(StunMessage message) {
        ByteBuffer into = ByteBuffer.allocate(8_192);
        message.write(into, KEY);
        return into.flip();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Provide
    Arbitrary<StunMessage> messages() {
        return Combinators.combine(
                        Arbitraries.of(StunClass.class),
                        Arbitraries.integers().between(0, 0xFFF),
                        Arbitraries.integers(),
                        Arbitraries.longs(),
                        attribute().list().ofMaxSize(10))
                .as((messageClass, method, high, low, attributes) ->
                        new StunMessage(messageClass, method, new TransactionId(high, low), attributes));
    }

    private static Arbitrary<StunAttribute> attribute() {
        Arbitrary<String> text = Arbitraries.strings().ofMaxLength(30);
        Arbitrary<InetSocketAddress> addresses = Combinators.combine(
                        Arbitraries.bytes().array(byte[].class).ofSize(4),
                        Arbitraries.bytes().array(byte[].class).ofSize(16),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 65_535))
                .as((v4, v6, isV4, port) -> address(isV4 ? v4 : v6, port));
        return Arbitraries.oneOf(List.of(
                addresses.map(StunAttribute.XorMappedAddress::new),
                addresses.map(StunAttribute.MappedAddress::new),
                addresses.map(StunAttribute.XorPeerAddress::new),
                addresses.map(StunAttribute.XorRelayedAddress::new),
                addresses.map(StunAttribute.AlternateServer::new),
                Arbitraries.integers().between(0, 0xFFFF).map(StunAttribute.ChannelNumber::new),
                Arbitraries.longs().between(0, 0xFFFF_FFFFL).map(StunAttribute.Lifetime::new),
                Arbitraries.integers().between(0, 255).map(StunAttribute.RequestedTransport::new),
                Arbitraries.integers().between(0, 255).map(StunAttribute.RequestedAddressFamily::new),
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMaxSize(40)
                        .map(bytes -> new StunAttribute.Data(ByteBuffer.wrap(bytes))),
                text.map(StunAttribute.Username::new),
                text.map(StunAttribute.Realm::new),
                text.map(StunAttribute.Nonce::new),
                text.map(StunAttribute.Software::new),
                Arbitraries.integers().between(300, 699).map(code -> new StunAttribute.ErrorCode(code, "reason")),
                Arbitraries.integers().between(0, 65_535).list().ofMaxSize(5).map(StunAttribute.UnknownAttributes::new),
                Arbitraries.longs().between(0, 0xFFFF_FFFFL).map(StunAttribute.Priority::new),
                Arbitraries.just(new StunAttribute.UseCandidate()),
                Arbitraries.longs().map(StunAttribute.IceControlled::new),
                Arbitraries.longs().map(StunAttribute.IceControlling::new),
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMaxSize(20)
                        .map(bytes -> new StunAttribute.Unknown(0xC001, ByteBuffer.wrap(bytes)))));
    }

    private static InetSocketAddress address(byte[] bytes, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
