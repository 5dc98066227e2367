package dev.nearhand.transport.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DtlsAdmissionTest {
    /// A fragment of one byte: type 1, length 2, sequence 0, offset 0, fragment length 1.
    private static final String FRAGMENT = "16fefd0000000000000000000d" + "01000002000000000000000100";

    private static boolean admits(String hex) {
        return DtlsAdmission.admits(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    @Test
    void wholeRecordsAreLetIn() {
        assertThat(admits(FRAGMENT)).isTrue();
        assertThat(admits(FRAGMENT + FRAGMENT)).isTrue();
        assertThat(admits("14fefd0000000000000000000101")).isTrue();
        assertThat(admits("16fefd00010000000000000002ffee")).as("encrypted").isTrue();
    }

    @Test
    void garbageIsNot() {
        assertThat(admits("")).isFalse();
        assertThat(admits("0102")).isFalse();
        assertThat(admits(FRAGMENT.substring(0, 50))).as("cut").isFalse();
        assertThat(admits(FRAGMENT + "16")).as("surplus").isFalse();
        assertThat(admits(FRAGMENT.replaceFirst("fefd", "0303"))).as("not DTLS").isFalse();
        assertThat(admits(FRAGMENT.replaceFirst("16", "19"))).as("unknown type").isFalse();
    }

    @Test
    void aFragmentThatAnnouncesMoreThanAnyPeerSendsIsNot() {
        assertThat(admits(FRAGMENT.replace("01000002", "01008000"))).isTrue();
        assertThat(admits(FRAGMENT.replace("01000002", "01008001"))).isFalse();
        assertThat(admits(FRAGMENT.replace("01000002", "01ffffff"))).isFalse();
    }

    @Test
    void aFragmentBeyondItsMessageIsNot() {
        assertThat(admits("16fefd0000000000000000000d" + "01000001000000000100000100"))
                .isFalse();
    }

    @Test
    void anythingIsSurvived() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = HexFormat.of().parseHex(FRAGMENT + FRAGMENT);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            int length = random.nextInt(bytes.length + 1);
            ByteBuffer datagram = ByteBuffer.wrap(bytes, 0, length);
            DtlsAdmission.admits(datagram);
            assertThat(datagram.remaining()).isEqualTo(length);
        }
    }
}
