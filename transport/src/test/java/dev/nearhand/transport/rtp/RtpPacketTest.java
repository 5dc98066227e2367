package dev.nearhand.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.payload.Depacketizer;
import dev.nearhand.transport.wire.ByteWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RtpPacketTest {
    private static @Nullable RtpPacket parse(String hex) {
        return RtpPacket.parse(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    private static RtpPacket parsed(String hex) {
        RtpPacket packet = parse(hex);
        return packet == null ? Assertions.fail("no RTP packet: " + hex) : packet;
    }

    @Test
    void readsTheFixedHeader() {
        RtpPacket packet = parsed("80e0" + "fffe" + "80000001" + "deadbeef" + "0102");

        assertThat(packet.marker()).isTrue();
        assertThat(packet.payloadType()).isEqualTo(96);
        assertThat(packet.sequence()).isEqualTo(0xFFFE);
        assertThat(packet.timestamp()).isEqualTo(0x80000001);
        assertThat(packet.ssrc()).isEqualTo(0xDEADBEEF);
        assertThat(packet.payload()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    }

    @Test
    void anExtensionWithoutPayloadIsReadAndAnIdOfZeroWithALengthEndsIt() {
        RtpPacket packet = parsed("9064" + "5749000001901234abcdbede000102010203");

        assertThat(packet.payload().remaining()).isZero();
        assertThat(packet.extension(0)).isNull();
        assertThat(packet.extension(1)).isNull();
        assertThat(parse("10645749000001901234abcdbede000102010203"))
                .as("of version 0")
                .isNull();
    }

    @Test
    void anIdOf15EndsTheExtensionAndThePayloadStaysWhereItIs() {
        RtpPacket packet =
                parsed("9060" + "0001" + "00000000" + "00000001" + "bede0002" + "10aa" + "f000" + "20bb0000" + "77");

        assertThat(packet.extension(1)).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 0xAA}));
        assertThat(packet.extension(2)).isNull();
        assertThat(packet.payload()).isEqualTo(ByteBuffer.wrap(new byte[] {0x77}));
    }

    @Test
    void paddingBetweenElementsIsSkippedInBothForms() {
        RtpPacket oneByte = parsed("9060" + "0001" + "00000000" + "00000001" + "bede0002" + "0010aa00" + "21bbcc00");
        RtpPacket twoByte =
                parsed("9060" + "0001" + "00000000" + "00000001" + "10000003" + "000101aa" + "00020003" + "02bbcc00");

        assertThat(oneByte.extension(2)).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 0xBB, (byte) 0xCC}));
        assertThat(twoByte.extension(1)).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 0xAA}));
        assertThat(twoByte.extension(2)).isEqualTo(ByteBuffer.allocate(0));
        assertThat(twoByte.extension(3)).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 0xBB, (byte) 0xCC}));
    }

    @Test
    void anElementThatIsLongerThanTheExtensionIsNotThere() {
        assertThat(parsed("9060" + "0001" + "00000000" + "00000001" + "bede0001" + "1faabbcc")
                        .extension(1))
                .isNull();
        assertThat(parsed("9060" + "0001" + "00000000" + "00000001" + "10000001" + "01ff0000")
                        .extension(1))
                .isNull();
    }

    @Test
    void aPacketOfPaddingOnlyHasNoPayload() {
        RtpPacket probe = parsed("a060" + "0001" + "00000000" + "00000000" + "000000000000000008".substring(2));

        assertThat(probe.ssrc()).isZero();
        assertThat(probe.payload().remaining()).isZero();
        assertThat(probe.padding().remaining()).isEqualTo(8);
    }

    @Test
    void paddingOfZeroAndPaddingBeyondThePayloadAreRefused() {
        String header = "a060" + "0001" + "00000000" + "00000001";
        assertThat(parse(header + "0100")).isNull();
        assertThat(parse(header + "0103")).isNull();
        assertThat(parse(header)).isNull();
        assertThat(parse(header + "0102")).isNotNull();
    }

    @Property
    void aWrittenExtensionIsRead(@ForAll @IntRange(min = 1, max = 14) int id, @ForAll @Size(max = 255) byte[] value) {
        ByteBuffer bytes = ByteBuffer.allocate(600);
        ByteWriter out = new ByteWriter(bytes).u8(0x90).u8(96).u16(7).i32(8).i32(9);
        int other = id % 14 + 1;
        List<HeaderExtensions.Element> elements = List.of(
                new HeaderExtensions.Element(other, ByteBuffer.wrap(new byte[] {1, 2})),
                new HeaderExtensions.Element(id, ByteBuffer.wrap(value)));
        HeaderExtensions.write(out, elements);
        assertThat(out.length()).isEqualTo(12 + HeaderExtensions.bytes(elements));
        int first = 12 + HeaderExtensions.firstValueOffset(elements);
        assertThat(bytes.slice(first, 2)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
        out.u8(0x55);
        RtpPacket packet = RtpPacket.parse(bytes.flip());

        assertThat(packet).isNotNull();
        assertThat(packet.extension(id)).isEqualTo(ByteBuffer.wrap(value));
        assertThat(packet.extension(other)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(packet.payload()).isEqualTo(ByteBuffer.wrap(new byte[] {0x55}));
    }

    @Property
    void anyBytesAreSurvived(@ForAll @Size(max = 100) byte[] bytes) {
        exercise(bytes);
    }

    @Test
    void everyTruncationAndEveryFlippedBitIsSurvived() {
        byte[] packet = HexFormat.of()
                .parseHex("b2e4005865431278123456783456789032435465bede0002" + "120056ce13aabbcc" + "90808001"
                        + "100c009d012af000b400" + "00000004");
        for (int length = 0; length <= packet.length; length++) {
            exercise(Arrays.copyOf(packet, length));
        }
        for (int bit = 0; bit < 8 * packet.length; bit++) {
            byte[] flipped = packet.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            exercise(flipped);
        }
    }

    @Test
    void everyFileOfTheCorpusIsSurvived() throws IOException {
        Path folder = Requires.corpora().map(corpora -> corpora.resolve("rtp")).orElse(null);
        if (folder == null) {
            return;
        }
        try (Stream<Path> paths = Files.list(folder)) {
            List<Path> files = paths.toList();
            assertThat(files).isNotEmpty();
            for (Path file : files) {
                byte[] bytes = Files.readAllBytes(file);
                exercise(bytes);
                for (int from = 0; from + 1_200 < bytes.length; from += 1_200) {
                    exercise(Arrays.copyOfRange(bytes, from, from + 1_200));
                }
            }
        }
    }

    /// Parses, looks up every extension, and gives it to a receiver.
    private static void exercise(byte[] bytes) {
        RtpPacket packet = RtpPacket.parse(ByteBuffer.wrap(bytes));
        if (packet == null) {
            return;
        }
        for (int id = 0; id < 256; id++) {
            packet.extension(id);
        }
        if (packet.payload().hasRemaining()) {
            Depacketizer.of(Codec.VP8).inspect(packet.payload());
        }
        RtpSession session = new RtpSession("test", () -> Instant.EPOCH, new Random(1));
        session.addReceiver(RtpReceiverConfig.vp8("v", 1, List.of(packet.payloadType()), List.of(), true, true));
        session.handleRtp(1, ByteBuffer.wrap(bytes));
        session.handleTimeout(2);
        session.pollTransmit(2, ByteBuffer.allocate(2_048));
    }
}
