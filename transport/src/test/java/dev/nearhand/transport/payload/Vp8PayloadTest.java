package dev.nearhand.transport.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class Vp8PayloadTest {
    private static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits));
    }

    private static Vp8PayloadDescriptor descriptor(String digits) {
        Vp8PayloadDescriptor parsed = Vp8PayloadDescriptor.parse(hex(digits));
        if (parsed == null) {
            return Assertions.fail("not parsed: " + digits);
        }
        return parsed;
    }

    private static List<byte[]> payloads(Vp8Packetizer packetizer, byte[] frame, int maxBytes) {
        packetizer.begin(ByteBuffer.wrap(frame), maxBytes);
        List<byte[]> payloads = new ArrayList<>();
        while (packetizer.hasNext()) {
            ByteBuffer into = ByteBuffer.allocate(maxBytes);
            packetizer.writeNext(into);
            byte[] payload = new byte[into.position()];
            into.get(0, payload);
            payloads.add(payload);
        }
        return payloads;
    }

    @Property
    void aFrameComesOutOfItsPayloadsAsItWas(
            @ForAll @Size(min = 1, max = 5_000) byte[] frame,
            @ForAll @IntRange(min = 5, max = 1_500) int maxBytes,
            @ForAll int firstPictureId) {
        Vp8Packetizer packetizer = new Vp8Packetizer(firstPictureId);
        ByteBuffer joined = ByteBuffer.allocate(frame.length);

        List<byte[]> payloads = payloads(packetizer, frame, maxBytes);
        for (int i = 0; i < payloads.size(); i++) {
            ByteBuffer payload = ByteBuffer.wrap(payloads.get(i));
            Vp8PayloadDescriptor descriptor = Vp8PayloadDescriptor.parse(payload);
            Depacketizer.Piece piece = Depacketizer.of(Codec.VP8).inspect(payload);
            assertThat(descriptor).isNotNull();
            assertThat(piece).isNotNull();
            assertThat(descriptor.pictureId()).isEqualTo(firstPictureId & 0x7FFF);
            assertThat(piece.start()).isEqualTo(i == 0 ? Depacketizer.Start.YES : Depacketizer.Start.NO);
            assertThat(piece.keyframe()).isEqualTo(i == 0 && (frame[0] & 1) == 0);
            joined.put(payload.position(piece.descriptorBytes()));
        }
        assertThat(joined.array()).isEqualTo(frame);
        assertThat(payloads).allMatch(payload -> payload.length > payloads.getFirst().length - 2);
    }

    @Test
    void thePictureIdGrowsByOneAndWrapsAtFifteenBits() {
        Vp8Packetizer packetizer = new Vp8Packetizer(0x7FFF);
        assertThat(descriptor(HexFormat.of()
                                .formatHex(
                                        payloads(packetizer, new byte[9], 100).getFirst()))
                        .pictureId())
                .isEqualTo(0x7FFF);
        assertThat(descriptor(HexFormat.of()
                                .formatHex(
                                        payloads(packetizer, new byte[9], 100).getFirst()))
                        .pictureId())
                .isZero();
    }

    @Test
    void anEmptyFrameIsTheCallersFault() {
        assertThatThrownBy(() -> new Vp8Packetizer(0).begin(ByteBuffer.allocate(0), 100))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyOptionalFieldIsRead() {
        Vp8PayloadDescriptor all = descriptor("b3" + "f0" + "9234" + "56" + "b1" + "00");

        assertThat(all).isEqualTo(new Vp8PayloadDescriptor(true, true, 3, 0x1234, 0x56, 2, true, 0x11, 6));
        assertThat(all.isFrameStart()).isFalse();
    }

    @Test
    void noOptionalFieldIsMissed() {
        assertThat(descriptor("1000")).isEqualTo(new Vp8PayloadDescriptor(false, true, 0, -1, -1, -1, false, -1, 1));
        assertThat(descriptor("90807f00").pictureId()).isEqualTo(0x7F);
        assertThat(descriptor("90 10 b1 00".replace(" ", "")).keyIndex()).isEqualTo(0x11);
    }

    @Test
    void aDescriptorWithoutDataBehindItIsRefused() {
        for (String payload : List.of("", "10", "90", "9080", "908080", "90808001", "90f0800156", "9010")) {
            assertThat(Vp8PayloadDescriptor.parse(hex(payload))).isNull();
            assertThat(new Vp8Depacketizer().inspect(hex(payload))).isNull();
        }
    }

    @Property
    void anyBytesAreSurvived(@ForAll @Size(max = 40) byte[] bytes) {
        Depacketizer.Piece piece = new Vp8Depacketizer().inspect(ByteBuffer.wrap(bytes));
        assertThat(piece == null || piece.descriptorBytes() < bytes.length).isTrue();
        Vp8FrameHeader.peek(ByteBuffer.wrap(bytes));
    }

    @Test
    void aKeyframeTellsItsSize() {
        assertThat(Vp8FrameHeader.peek(hex("300c009d012af000b400")))
                .isEqualTo(new Vp8FrameHeader(true, 0, true, 0x000c30 >> 5, 240, 180));
        assertThat(Vp8FrameHeader.peek(hex("300c009d012a80473800")))
                .as("the bits above the fourteenth scale, they do not measure")
                .extracting(Vp8FrameHeader::width)
                .isEqualTo(0x0780);
    }

    @Test
    void whatIsNoFrameHasNoHeader() {
        assertThat(Vp8FrameHeader.peek(hex("0000"))).isNull();
        assertThat(Vp8FrameHeader.peek(hex("300c009d012af000b4"))).isNull();
        assertThat(Vp8FrameHeader.peek(hex("300c009d012bf000b400"))).isNull();
        assertThat(Vp8FrameHeader.peek(hex("0f0c00"))).as("version 7").isNull();
        assertThat(Vp8FrameHeader.peek(hex("310c00"))).isNotNull();
    }
}
