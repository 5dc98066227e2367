package dev.nearhand.transport.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class H264PayloadTest {
    private final Depacketizer depacketizer = new H264Depacketizer();

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static List<String> cut(boolean singleNalUnits, String frame, int maxBytes) {
        return Payloads.cut(new H264Packetizer(singleNalUnits), hex(frame), maxBytes).stream()
                .map(HexFormat.of()::formatHex)
                .toList();
    }

    private String join(String... payloads) {
        byte[] frame = Payloads.join(
                Codec.H264, List.of(payloads).stream().map(H264PayloadTest::hex).toList());
        return frame == null ? "refused" : HexFormat.of().formatHex(frame);
    }

    @Property(tries = 200)
    void startCodesOfThreeAndFourBytesMayBeMixedInOneFrame(@ForAll long seed, @ForAll boolean keyframe) {
        byte[] mixed = Payloads.h264(new Random(seed), keyframe, 0);
        List<byte[]> payloads = Payloads.cut(new H264Packetizer(false), mixed, 500);
        byte[] joined = Payloads.join(Codec.H264, payloads);
        assertThat(joined).isNotNull();
        assertThat(AnnexB.nalUnits(ByteBuffer.wrap(joined))).isEqualTo(AnnexB.nalUnits(ByteBuffer.wrap(mixed)));
    }

    @Test
    void smallNalUnitsTravelTogetherAndTheHeadTakesTheHighestPriority() {
        assertThat(cut(false, "00000001 2742 000001 68ce 00000001 4588", 100))
                .containsExactly("78" + "0002" + "2742" + "0002" + "68ce" + "0002" + "4588");
    }

    @Test
    void aLargeNalUnitTravelsInFragmentsThatKeepItsHeaderInTwoBytes() {
        assertThat(cut(false, "00000001 65 88 01 02 03 04 05 06 07 08 09 0a", 8))
                .containsExactly("7c85" + "88010203" + "0405", "7c45" + "060708090a");
    }

    @Test
    void inModeZeroEveryNalUnitTravelsAloneAndOneThatDoesNotFitKeepsTheFrameBack() {
        assertThat(cut(true, "00000001 6742 00000001 68ce 000001 6588", 8)).containsExactly("6742", "68ce", "6588");
        assertThat(cut(true, "00000001 6742 00000001 65 88 01 02 03 04 05 06 07 08", 8))
                .isEmpty();
    }

    @Test
    void whatIsNoNalUnitIsNotSent() {
        assertThat(cut(false, "01020304", 100)).isEmpty();
        assertThat(cut(false, "00000001 00000001", 100)).isEmpty();
        assertThat(cut(false, "00000001 0910 00000001 4188", 100))
                .as("the delimiter of access units")
                .containsExactly("4188");
    }

    @Test
    void aNalUnitOfOneByteIsTaken() {
        assertThat(join("0a", "4188")).isEqualTo("000000010a" + "000000014188");
        assertThat(join("78" + "0001" + "0a" + "0002" + "4188")).isEqualTo("000000010a" + "000000014188");
        assertThat(cut(false, "000001 0a", 100)).containsExactly("0a");
    }

    @Test
    void aFragmentWithoutItsStartIsNoFrame() {
        assertThat(depacketizer.inspect(ByteBuffer.wrap(hex("7c05aabb")))).isEqualTo(piece(Depacketizer.Start.NO));
        assertThat(join("7c05aabb", "7c45cc")).isEqualTo("refused");
        assertThat(join("7c85aabb", "7c05cc")).as("without its end").isEqualTo("refused");
        assertThat(join("7c85aabb", "4188", "7c45cc")).as("interrupted").isEqualTo("refused");
        assertThat(join("7c85aabb", "7c85aabb", "7c45cc")).as("with two starts").isEqualTo("refused");
        assertThat(join("7c85aabb", "7c41cc")).as("of two types").isEqualTo("refused");
    }

    private static Depacketizer.Piece piece(Depacketizer.Start start) {
        return new Depacketizer.Piece(start, false, false, 0);
    }

    @Test
    void whatTheAgreedModesDoNotKnowIsRefused() {
        for (String payload : List.of(
                "",
                "00",
                "1e",
                "1f",
                "3900014188",
                "3a00",
                "7dc5aa",
                "7c",
                "7c85",
                "7cc5aabb",
                "7c9caabb",
                "78",
                "780001",
                "78000478",
                "780000",
                "7800027801")) {
            assertThat(depacketizer.inspect(ByteBuffer.wrap(hex(payload))))
                    .as(payload)
                    .isNull();
        }
    }

    @Test
    void aSliceThatIsNotTheFirstOfItsPictureBeginsNoFrame() {
        assertThat(depacketizer.inspect(ByteBuffer.wrap(hex("4188"))))
                .isEqualTo(piece(Depacketizer.Start.WITH_NEW_TIMESTAMP));
        assertThat(depacketizer.inspect(ByteBuffer.wrap(hex("4148")))).isEqualTo(piece(Depacketizer.Start.NO));
    }
}
