package dev.nearhand.app.signaling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.json.Decoded;
import java.nio.ByteBuffer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SignalMessageTest {
    @Property
    void readsWhatItWrote(@ForAll("messages") SignalMessage message) {
        byte[] bytes = SignalMessage.CODEC.encode(message).getBytes(UTF_8);

        assertThat(SignalMessage.CODEC.decode(ByteBuffer.wrap(bytes))).isEqualTo(new Decoded.Message<>(message));
    }

    @Property
    void everyTruncationIsMalformed(@ForAll("messages") SignalMessage message, @ForAll int cut) {
        byte[] bytes = SignalMessage.CODEC.encode(message).getBytes(UTF_8);

        assertThat(SignalMessage.CODEC.decode(ByteBuffer.wrap(bytes, 0, Math.floorMod(cut, bytes.length))))
                .isInstanceOf(Decoded.Malformed.class);
    }

    @Property
    void garbageIsMalformed(@ForAll byte[] garbage) {
        assertThat(SignalMessage.CODEC.decode(ByteBuffer.wrap(garbage))).isInstanceOf(Decoded.Malformed.class);
    }

    @Example
    void whatIsSecretIsNotInTheDescription() {
        assertThat(new SignalMessage.Join(1, "123456789", "Ann").toString())
                .doesNotContain("123456789")
                .doesNotContain("Ann");
        assertThat(new SignalMessage.Offer("c=IN IP4 192.0.2.7").toString()).doesNotContain("192");
        assertThat(new SignalMessage.Answer("c=IN IP4 192.0.2.7").toString()).doesNotContain("192");
    }

    @Provide
    Arbitrary<SignalMessage> messages() {
        Arbitrary<String> word = Arbitraries.strings().ofMaxLength(40);
        Arbitrary<String> sdp = Arbitraries.strings().ofMinLength(1).ofMaxLength(500);
        return Arbitraries.oneOf(
                Combinators.combine(Arbitraries.integers().between(1, 9), word, word)
                        .as(SignalMessage.Join::new),
                Arbitraries.of(new SignalMessage.Asking()),
                Combinators.combine(word, word).as(SignalMessage.Refused::new),
                sdp.map(SignalMessage.Offer::new),
                sdp.map(SignalMessage.Answer::new));
    }
}
