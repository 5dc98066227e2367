package dev.nearhand.transport.mdns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.testing.Requires;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MdnsMessageTest {
    private static final String NAME = "2d1ee1d3-5f5b-4d5f-8f0e-3f9a5a0a0001.local";

    /// A response that names `host.local` once and points to it from a second record.
    private static ByteBuffer response() {
        String header = "0000" + "8400" + "0000" + "0002" + "0000" + "0000";
        String name = "04" + HexFormat.of().formatHex("host".getBytes(StandardCharsets.US_ASCII)) + "05"
                + HexFormat.of().formatHex("local".getBytes(StandardCharsets.US_ASCII)) + "00";
        String four = "0001" + "8001" + "00000078" + "0004" + "c0000207";
        String six = "c00c" + "001c" + "8001" + "00000078" + "0010" + "20010db8000000000000000000000007";
        return ByteBuffer.wrap(HexFormat.of().parseHex(header + name + four + six));
    }

    @Test
    void asksForBothFamilies() {
        ByteBuffer question = ByteBuffer.allocate(MdnsMessage.MAX_QUESTION_BYTES);
        MdnsMessage.writeQuestion("host.local", question);
        question.flip();
        String name = "04686f737405" + "6c6f63616c00";
        assertThat(question)
                .isEqualTo(ByteBuffer.wrap(HexFormat.of()
                        .parseHex("00000000" + "0002000000000000" + name + "00010001" + name + "001c0001")));
        assertThat(MdnsMessage.answers(question))
                .as("a question answers nothing")
                .isEmpty();
    }

    @Test
    void readsBothFamiliesAndFollowsAPointer() throws Exception {
        assertThat(MdnsMessage.answers(response()))
                .containsExactly(
                        new MdnsAnswer("host.local", InetAddress.getByName("192.0.2.7")),
                        new MdnsAnswer("host.local", InetAddress.getByName("2001:db8::7")));
    }

    /// Taken as an answer it led to a machine that had just gone.
    @Test
    void aGoodbyeTellsNoAddress() throws Exception {
        ByteBuffer goodbye = response();
        goodbye.putInt(goodbye.capacity() - 22, 0); // the time to live of the second record

        assertThat(MdnsMessage.answers(goodbye))
                .containsExactly(new MdnsAnswer("host.local", InetAddress.getByName("192.0.2.7")));
    }

    @Test
    void theLongestNameFitsAQuestion() {
        String longest = ("x".repeat(63) + ".").repeat(3) + "y".repeat(55) + ".local";
        assertThat(MdnsMessage.isAskable(longest)).isTrue();
        MdnsMessage.writeQuestion(longest, ByteBuffer.allocate(MdnsMessage.MAX_QUESTION_BYTES));
    }

    @Test
    void asksForNamesOfTheLocalLinkOnly() {
        assertThat(MdnsMessage.isAskable(NAME)).isTrue();
        assertThat(MdnsMessage.isAskable("HOST.LOCAL")).isTrue();
        for (String name : List.of(
                "example.org", "local", "a..local", ".local", "x".repeat(64) + ".local", "x.".repeat(140) + "local")) {
            assertThat(MdnsMessage.isAskable(name)).as(name).isFalse();
        }
        assertThatThrownBy(() -> MdnsMessage.writeQuestion("example.org", ByteBuffer.allocate(600)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPointerThatDoesNotGoBackEndsTheReading() {
        String header = "0000840000000001" + "00000000";
        for (String name : List.of("c00c", "c00e", "c0ff", "01780102" + "c00c", "c0")) {
            ByteBuffer message =
                    ByteBuffer.wrap(HexFormat.of().parseHex(header + name + "0001000100000078" + "0004c0000207"));
            assertThat(MdnsMessage.answers(message)).as(name).isEmpty();
        }
    }

    @Test
    void everyTruncationAndEveryFlippedBitIsSurvived() {
        byte[] whole = response().array();
        for (int length = 0; length < whole.length; length++) {
            assertThat(MdnsMessage.answers(ByteBuffer.wrap(whole, 0, length).slice()))
                    .hasSizeLessThan(2);
        }
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(MdnsMessage.answers(ByteBuffer.wrap(flipped))).hasSizeLessThan(3);
        }
    }

    @Test
    void noiseIsSurvived() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            if (noise.length > 2) {
                noise[2] |= (byte) 0x80;
            }
            assertThat(MdnsMessage.answers(ByteBuffer.wrap(noise))).hasSizeLessThan(MdnsMessage.RECORDS_LIMIT + 1);
        }
    }

    @Test
    void everyFileOfTheCorpusIsSurvived() throws IOException {
        Path folder = Requires.corpora().map(corpora -> corpora.resolve("mdns")).orElse(null);
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                assertThat(MdnsMessage.answers(ByteBuffer.wrap(Files.readAllBytes(file))))
                        .hasSizeLessThan(MdnsMessage.RECORDS_LIMIT + 1);
            }
        }
    }
}
