package dev.nearhand.transport.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The test vectors of RFC 5769.
class StunVectorsTest {
    private static final StunKey SHORT_TERM = StunKey.shortTerm("VOkJxbRl1RmTxUk/WvJxBt");
    private static final TransactionId ID = new TransactionId(0xb7e7a701, 0xbc34d686fa87dfaeL);

    private static final String REQUEST = "000100582112a442b7e7a701bc34d686fa87dfae"
            + "802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36"
            + "000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
            + "80280004e57a3bcf";
    private static final String IPV4_RESPONSE = "0101003c2112a442b7e7a701bc34d686fa87dfae"
            + "8022000b7465737420766563746f7220002000080001a147e112a643"
            + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96";
    private static final String IPV6_RESPONSE = "010100482112a442b7e7a701bc34d686fa87dfae"
            + "8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
            + "00080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c";
    private static final String LONG_TERM_REQUEST = "000100602112a44278ad3433c6ad72c029da412e"
            + "00060012e3839ee38388e383aae38383e382afe382b90000"
            + "0015001c662f2f3439396b39353464364f4c33346f4c394653547679363473410014000b6578616d706c652e6f726700"
            + "00080014f67024656dd64a3e02b8e0712e85c9a28ca89666";

    @Test
    void readsTheSampleRequest() {
        StunParse.Received received = received(REQUEST);
        assertThat(received.hasFingerprint()).isTrue();
        assertThat(received.seal().verify(SHORT_TERM)).isEqualTo(StunSeal.Verdict.VALID);
        assertThat(received.message())
                .isEqualTo(StunMessage.binding(
                        StunClass.REQUEST,
                        ID,
                        new StunAttribute.Software("STUN test client"),
                        new StunAttribute.Priority(0x6e0001ffL),
                        new StunAttribute.IceControlled(0x932ff9b151263b36L),
                        new StunAttribute.Username("evtj:h6vY")));
    }

    @Test
    void readsTheSampleIpv4Response() {
        StunParse.Received received = received(IPV4_RESPONSE);
        assertThat(received.seal().verify(SHORT_TERM)).isEqualTo(StunSeal.Verdict.VALID);
        assertThat(received.message())
                .isEqualTo(StunMessage.binding(
                        StunClass.SUCCESS_RESPONSE,
                        ID,
                        new StunAttribute.Software("test vector"),
                        new StunAttribute.XorMappedAddress(
                                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 32853))));
    }

    @Test
    void readsTheSampleIpv6Response() {
        StunParse.Received received = received(IPV6_RESPONSE);
        assertThat(received.seal().verify(SHORT_TERM)).isEqualTo(StunSeal.Verdict.VALID);
        assertThat(received.message().find(StunAttribute.XorMappedAddress.class))
                .isEqualTo(new StunAttribute.XorMappedAddress(
                        new InetSocketAddress(InetAddress.ofLiteral("2001:db8:1234:5678:11:2233:4455:6677"), 32853)));
    }

    @Test
    void readsTheSampleRequestWithLongTermAuthentication() {
        StunParse.Received received = received(LONG_TERM_REQUEST);
        assertThat(received.hasFingerprint()).isFalse();
        StunKey key = StunKey.longTerm("マトリックス", "example.org", "TheMatrIX");
        assertThat(received.seal().verify(key)).isEqualTo(StunSeal.Verdict.VALID);
        assertThat(received.message().find(StunAttribute.Nonce.class))
                .isEqualTo(new StunAttribute.Nonce("f//499k954d6OL34oL9FSTvy64sA"));
    }

    @Test
    void writesWhatTheVectorsSay() {
        // the vectors pad with blanks where this writer pads with zeros, so the seal is compared by verifying it
        StunMessage message = received(IPV4_RESPONSE).message();
        ByteBuffer into = ByteBuffer.allocate(200);
        assertThat(message.write(into, SHORT_TERM)).isEqualTo(IPV4_RESPONSE.length() / 2);
        StunParse again = StunMessage.parse(into.flip());
        assertThat(again).isInstanceOfSatisfying(StunParse.Received.class, received -> {
            assertThat(received.message()).isEqualTo(message);
            assertThat(received.hasFingerprint()).isTrue();
            assertThat(received.seal().verify(SHORT_TERM)).isEqualTo(StunSeal.Verdict.VALID);
            assertThat(received.seal().verify(StunKey.shortTerm("another password")))
                    .isEqualTo(StunSeal.Verdict.WRONG);
        });
    }

    private static StunParse.Received received(String hex) {
        StunParse parse = StunMessage.parse(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
        assertThat(parse).isInstanceOf(StunParse.Received.class);
        return (StunParse.Received) parse;
    }
}
