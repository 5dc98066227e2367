package dev.nearhand.transport.stun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.transport.stun.StunParse.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StunMessageTest {
    private static final String HEADER = "2112a442291fcd7cba58abd7f2410100";

    @Test
    void everyClassAndMethodHasItsOwnType() {
        for (StunClass messageClass : StunClass.values()) {
            for (int method = 0; method <= 0xFFF; method++) {
                int type = messageClass.typeOf(method);
                assertThat(StunClass.ofType(type)).isEqualTo(messageClass);
                assertThat(StunClass.methodOfType(type)).isEqualTo(method);
            }
        }
        assertThat(StunClass.SUCCESS_RESPONSE.typeOf(StunMessage.BINDING)).isEqualTo(0x0101);
    }

    @Test
    void aBindingIndicationWithoutUsernameIsAMessageLikeAnyOther() { // wire case 11
        StunParse parse = parse("001100082112a442fb9859e67da4bc991c0cab8f80280004ed80c297");
        assertThat(parse).isInstanceOfSatisfying(StunParse.Received.class, received -> {
            assertThat(received.message().messageClass()).isEqualTo(StunClass.INDICATION);
            assertThat(received.message().attributes()).isEmpty();
        });
    }

    @Test
    void anEmptyXorMappedAddressAtTheEndIsRefused() { // wire case 12
        assertThat(parse("01010004" + HEADER + "00200000"))
                .isEqualTo(new StunParse.Refused(Refusal.MALFORMED_ATTRIBUTE));
    }

    @Test
    void anIpv4AddressWithSurplusBytesIsRefused() { // wire case 12
        assertThat(parse("0101001c" + HEADER + "00200017" + "0001a147e112a643" + "00".repeat(16)))
                .isEqualTo(new StunParse.Refused(Refusal.MALFORMED_ATTRIBUTE));
    }

    @Test
    void aMalformedOptionalAttributeIsSkipped() {
        StunParse parse = parse("00010008" + HEADER + "80290002" + "aabb0000");
        assertThat(parse).isInstanceOfSatisfying(StunParse.Received.class, received -> assertThat(
                        received.message().attributes())
                .isEmpty());
    }

    @Test
    void attributesBehindTheIntegrityAreIgnored() {
        StunKey key = StunKey.shortTerm("a password of some length");
        ByteBuffer into = ByteBuffer.allocate(200);
        int length = StunMessage.binding(StunClass.REQUEST, new TransactionId(1, 2), new StunAttribute.Username("a:b"))
                .write(into, key);
        int withoutFingerprint = length - 8;
        into.position(withoutFingerprint);
        into.putShort((short) StunAttribute.USE_CANDIDATE).putShort((short) 0);
        into.putShort(2, (short) (into.position() - 20));
        StunParse parse = StunMessage.parse(into.flip());
        assertThat(parse).isInstanceOfSatisfying(StunParse.Received.class, received -> {
            assertThat(received.seal().verify(key)).isEqualTo(StunSeal.Verdict.VALID);
            assertThat(received.message().has(StunAttribute.UseCandidate.class)).isFalse();
        });
    }

    @Test
    void aWrongFingerprintIsRefused() {
        assertThat(parse("001100082112a442fb9859e67da4bc991c0cab8f80280004ed80c298"))
                .isEqualTo(new StunParse.Refused(Refusal.WRONG_FINGERPRINT));
    }

    @Test
    void aLengthThatIsNotTheDatagramsIsRefused() {
        assertThat(parse("00010004" + HEADER)).isEqualTo(new StunParse.Refused(Refusal.WRONG_LENGTH));
        assertThat(parse("00010000" + HEADER + "00")).isEqualTo(new StunParse.Refused(Refusal.WRONG_LENGTH));
    }

    @Test
    void anAttributeThatRunsBeyondTheMessageIsRefused() {
        assertThat(parse("00010004" + HEADER + "00060005"))
                .isEqualTo(new StunParse.Refused(Refusal.TRUNCATED_ATTRIBUTE));
    }

    @Test
    void aFloodOfAttributesIsRefused() {
        assertThat(parse("00010400" + HEADER + "80000000".repeat(256)))
                .isEqualTo(new StunParse.Refused(Refusal.TOO_MANY_ATTRIBUTES));
    }

    @Test
    void ownHostileInputsAreSurvived() {
        for (String hex : List.of(
                "",
                "00",
                "0001000041424344291fcd7cba58abd7f2410100",
                "00010008" + HEADER + "0009000400000700",
                "00010008" + HEADER + "000a000300010000",
                "0001000c" + HEADER + "00080004aabbccdd80280000",
                "00010008" + HEADER + "00060002c3280000")) {
            assertThat(parse(hex)).isInstanceOf(StunParse.Refused.class);
        }
    }

    @Test
    void everyFileOfTheCorpusIsSurvived() throws IOException {
        Optional<Path> corpora = Requires.corpora();
        if (corpora.isEmpty()) {
            return;
        }
        try (Stream<Path> files = Files.list(corpora.get().resolve("stun"))) {
            for (Path file : files.toList()) {
                assertThat(StunMessage.parse(ByteBuffer.wrap(Files.readAllBytes(file))))
                        .isNotNull();
            }
        }
    }

    private static StunParse parse(String hex) {
        return StunMessage.parse(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }
}
