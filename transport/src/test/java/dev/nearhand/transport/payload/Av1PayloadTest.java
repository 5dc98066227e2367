package dev.nearhand.transport.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class Av1PayloadTest {
    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static String join(String... payloads) {
        byte[] frame = Payloads.join(
                Codec.AV1, List.of(payloads).stream().map(Av1PayloadTest::hex).toList());
        return frame == null ? "refused" : HexFormat.of().formatHex(frame);
    }

    private static boolean isRefused(String payload) {
        return new Av1Depacketizer().inspect(ByteBuffer.wrap(hex(payload))) == null;
    }

    @Test
    void aKeyframeIsToldAndItsTemporalDelimiterIsNotSent() {
        List<byte[]> payloads =
                Payloads.cut(new Av1Packetizer(), hex("1200" + "0a03aabbcc" + "3202 0102" + "7a0100"), 100);
        assertThat(payloads).containsExactly(hex("08" + "04 08aabbcc" + "03 300102"));
    }

    @Test
    void elementsMayBeCountedOrMeasured() {
        String frame = "0a03aabbcc" + "32020102";
        assertThat(join("08" + "04 08aabbcc" + "03 300102")).isEqualTo(frame);
        assertThat(join("28" + "04 08aabbcc" + "300102")).isEqualTo(frame);
    }

    @Test
    void anObuMayBeCutAcrossManyPayloadsAndMayBringItsSize() {
        assertThat(join("50" + "3001", "d0" + "02", "90" + "03")).isEqualTo("3203010203");
        assertThat(join("10" + "32020102")).isEqualTo("32020102");
        assertThat(join("10" + "32030102")).as("a size beyond the end").isEqualTo("refused");
    }

    @Test
    void aFragmentWithoutItsBeginningOrItsEndIsNoFrame() {
        assertThat(join("90" + "3001")).isEqualTo("refused");
        assertThat(join("50" + "3001")).isEqualTo("refused");
        assertThat(join("50" + "3001", "10" + "3001")).isEqualTo("refused");
    }

    @Test
    void malformedAggregationsAreRefused() {
        for (String payload :
                List.of("", "00", "10", "20" + "00", "20" + "0530", "00" + "ff", "98" + "30", "30" + "01aa")) {
            assertThat(isRefused(payload)).as(payload).isTrue();
        }
    }

    @Test
    void aTemporalUnitThatIsNoneIsNotSent() {
        assertThat(Payloads.cut(new Av1Packetizer(), hex("3205aa"), 100)).isEmpty();
        assertThat(Payloads.cut(new Av1Packetizer(), hex("1200"), 100)).isEmpty();
    }

    @Test
    void theHeadOfADependencyDescriptorIsRead() {
        assertThat(DependencyDescriptor.parse(ByteBuffer.wrap(hex("c30102"))))
                .isEqualTo(new DependencyDescriptor(true, true, 3, 0x0102, false));
        assertThat(DependencyDescriptor.parse(ByteBuffer.wrap(hex("0301020f")))).isNotNull();
        assertThat(DependencyDescriptor.parse(ByteBuffer.wrap(hex("c301")))).isNull();
    }
}
