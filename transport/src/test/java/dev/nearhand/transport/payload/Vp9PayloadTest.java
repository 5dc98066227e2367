package dev.nearhand.transport.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.payload.Depacketizer.Piece;
import dev.nearhand.transport.payload.Depacketizer.Start;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class Vp9PayloadTest {
    /// Two layers of 3 and 2 bytes, the first in two payloads.
    @Test
    void theFramesOfSeveralLayersAreIndexedAsASuperframe() {
        List<ByteBuffer> payloads = List.of(
                ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.wrap(new byte[] {3}), ByteBuffer.wrap(new byte[] {4, 5
                }));
        BitSet starts = BitSet.valueOf(new long[] {0b101});
        assertThat(new Vp9Depacketizer().join(payloads, starts)).containsExactly(1, 2, 3, 4, 5, 0xC1, 3, 2, 0xC1);
        assertThat(new Vp9Depacketizer().join(payloads, BitSet.valueOf(new long[] {1})))
                .containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void sizesOfAnIndexAreAsLongAsTheLargestNeedsLowestByteFirst() {
        byte[] indexed = Vp9Superframe.of(new byte[0x1234 + 1], List.of(0x1234, 1));
        assertThat(Arrays.copyOfRange(indexed, 0x1235, indexed.length)).containsExactly(0xC9, 0x34, 0x12, 1, 0, 0xC9);
    }

    @Test
    void aSuperframeOfTheEncoderIsLeftAsItIs() {
        byte[] frames = {1, (byte) 0xC0, 1, (byte) 0xC0, 5};
        assertThat(Vp9Superframe.of(frames, List.of(4, 1))).isSameAs(frames);
    }

    private static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits.replace(" ", "")));
    }

    @Test
    void theNonFlexibleModeIsReadWithLayers() {
        assertThat(Vp9PayloadDescriptor.parse(hex("ac 8123 53 44 82")))
                .isEqualTo(new Vp9PayloadDescriptor(0x0123, false, false, true, true, 2, 1, true, 0x44, 0, 5));
    }

    @Test
    void theFlexibleModeIsReadWithUpToThreeReferences() {
        Vp9PayloadDescriptor three = Vp9PayloadDescriptor.parse(hex("f8 05 22 03 05 06 82"));
        assertThat(three).isEqualTo(new Vp9PayloadDescriptor(5, true, true, true, false, 1, 1, false, -1, 3, 6));
        assertThat(Vp9PayloadDescriptor.parse(hex("f8 05 22 03 05 07 08 82"))).isNull();
    }

    @Test
    void aScalabilityStructureIsSkipped() {
        // two layers with sizes, a group of two pictures with one and two references
        Vp9PayloadDescriptor parsed = Vp9PayloadDescriptor.parse(
                hex("8a 81 00" + "38 0140 00b4 0280 0168" + "02" + "04 01" + "08 01 02" + "82"));
        assertThat(parsed).isNotNull();
        assertThat(parsed.lengthBytes()).isEqualTo(18);
    }

    @Test
    void aDescriptorWithoutDataBehindItIsRefused() {
        for (String payload : List.of("", "88", "8881", "8805", "d805", "aa0520", "8a0538", "8a05080101", "8a0508ff")) {
            assertThat(Vp9PayloadDescriptor.parse(hex(payload))).as(payload).isNull();
        }
    }

    @Test
    void aPictureBeginsWithItsLowestLayerAndTheOthersGoOnWithIt() {
        Vp9Depacketizer depacketizer = new Vp9Depacketizer();
        assertThat(depacketizer.inspect(hex("a8 05 00 00 82"))).isEqualTo(new Piece(Start.YES, true, false, 4, 5));
        assertThat(depacketizer.inspect(hex("a8 05 03 00 86")))
                .isEqualTo(new Piece(Start.WITH_NEW_TIMESTAMP, false, false, 4));
        assertThat(depacketizer.inspect(hex("a4 05 03 00 86"))).isEqualTo(new Piece(Start.NO, false, false, 4));
        assertThat(depacketizer.inspect(hex("e8 05 00 00 86"))).isEqualTo(new Piece(Start.YES, false, false, 4, 5));
    }

    @Test
    void anIntraOnlyFrameAndARepeatedOneAreNoKeyframes() {
        assertThat(Vp9FrameHeader.isKeyframe(hex("82"), 0)).isTrue();
        assertThat(Vp9FrameHeader.isKeyframe(hex("86"), 0)).isFalse();
        assertThat(Vp9FrameHeader.isKeyframe(hex("8a"), 0))
                .as("shows an existing frame")
                .isFalse();
        assertThat(Vp9FrameHeader.isKeyframe(hex("b1"), 0)).as("profile 3").isTrue();
        assertThat(Vp9FrameHeader.isKeyframe(hex("b3"), 0)).as("profile 3").isFalse();
        assertThat(Vp9FrameHeader.isKeyframe(hex("02"), 0))
                .as("no frame marker")
                .isFalse();
    }

    @Test
    void theFirstAndTheLastPayloadOfAFrameAreMarked() {
        List<byte[]> payloads = Payloads.cut(new Vp9Packetizer(0x7FFF), new byte[] {(byte) 0x86, 1, 2, 3}, 5);
        assertThat(payloads).hasSize(2);
        assertThat(payloads.get(0)).containsExactly(0xC8, 0xFF, 0xFF, 0x86, 1);
        assertThat(payloads.get(1)).containsExactly(0xC4, 0xFF, 0xFF, 2, 3);
    }
}
