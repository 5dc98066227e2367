package dev.nearhand.transport.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sctp.Reliability;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DcepMessageTest {
    @Provide
    Arbitrary<DcepMessage.Open> opens() {
        Arbitrary<Reliability> reliabilities = Arbitraries.oneOf(
                Arbitraries.just(Reliability.RELIABLE),
                Arbitraries.integers().greaterOrEqual(0).map(Reliability.MaxRetransmits::new),
                Arbitraries.longs().between(0, 0xFFFF_FFFFL).map(Reliability.MaxLifetime::new));
        Arbitrary<String> texts = Arbitraries.strings().ascii().ofMaxLength(300);
        return Combinators.combine(
                        texts,
                        texts,
                        Arbitraries.of(true, false),
                        reliabilities,
                        Arbitraries.integers().between(0, 0xFFFF))
                .as((label, protocol, ordered, reliability, priority) -> new DcepMessage.Open(
                        new DataChannelConfig(label, protocol, ordered, reliability, priority, OptionalInt.empty())));
    }

    @Property
    void whatIsWrittenIsReadBack(@ForAll("opens") DcepMessage.Open open) {
        assertThat(DcepMessage.parse(open.toBytes())).isEqualTo(open);
    }

    @Property(tries = 200)
    void everyTruncationAndBitFlipIsSurvived(@ForAll("opens") DcepMessage.Open open) {
        byte[] bytes = open.toBytes().array();
        for (int length = 0; length < bytes.length; length++) {
            assertThat(DcepMessage.parse(ByteBuffer.wrap(bytes, 0, length))).isNull();
        }
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] = (byte) (flipped[bit / 8] ^ 1 << bit % 8);
            DcepMessage.parse(ByteBuffer.wrap(flipped));
        }
    }

    @Example
    void readsTheOpenThatBrowsersSend() {
        byte[] open = HexFormat.of().parseHex("0381" + "0100" + "00000002" + "0004" + "0000" + "63686174");
        assertThat(DcepMessage.parse(ByteBuffer.wrap(open)))
                .isEqualTo(new DcepMessage.Open(new DataChannelConfig(
                        "chat", "", false, new Reliability.MaxRetransmits(2), 256, OptionalInt.empty())));
    }

    @Example
    void refusesAnUnknownChannelType() {
        byte[] open = HexFormat.of().parseHex("0303" + "0100" + "00000002" + "0000" + "0000");
        assertThat(DcepMessage.parse(ByteBuffer.wrap(open))).isNull();
    }
}
