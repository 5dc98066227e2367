package dev.nearhand.transport.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UlpfecPacketTest {
    private static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits.replace(" ", "")));
    }

    /// The header of RFC 5109 section 10.1: four packets from number 8 on, of 200, 140, 100 and 340 bytes.
    @Test
    void theExampleOfTheRfcIsRead() {
        UlpfecPacket packet = UlpfecPacket.parse(hex("0000 0008 00000008 0174 0154 f000" + "00".repeat(340)));
        assertThat(packet).isNotNull();
        assertThat(packet.flags()).isZero();
        assertThat(packet.markerAndType()).isZero();
        assertThat(packet.base()).isEqualTo(8);
        assertThat(packet.timestamp()).isEqualTo(8);
        assertThat(packet.length()).isEqualTo(372);
        assertThat(packet.levels()).hasSize(1);
        assertThat(packet.levels().getFirst().mask()).isEqualTo(0b1111);
        assertThat(packet.levels().getFirst().end()).isEqualTo(340);
    }

    @Test
    void theFirstBitOfAMaskIsTheBaseAndTheLongMaskHasFortyEight() {
        UlpfecPacket packet =
                UlpfecPacket.parse(hex("7f ff fffe 01020304 ffff 0001 8001 00000001 aa 0002 4000 00000000 bbcc"));
        assertThat(packet)
                .isEqualTo(new UlpfecPacket(
                        0x3F,
                        0xFF,
                        0xFFFE,
                        0x01020304,
                        0xFFFF,
                        List.of(
                                new UlpfecPacket.Level(0, 1 | 1L << 15 | 1L << 47, hex("aa")),
                                new UlpfecPacket.Level(1, 2, hex("bbcc")))));
        assertThat(packet.protectedMask()).isEqualTo(3 | 1L << 15 | 1L << 47);
        assertThat(packet.levels().getFirst().covers(47)).isTrue();
        assertThat(packet.levels().getFirst().covers(48)).isFalse();
        assertThat(packet.levels().getFirst().covers(-1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0000 0008 00000008 0174", // no level
                "0000 0008 00000008 0174 0001 8000", // shorter than it says
                "4000 0008 00000008 0174 0000 8000 0000", // half a long mask
                "0000 0008 00000008 0174 0001 0000 aa", // protects nothing
                "0000 0008 00000008 0174 0001 8000 aa 0001 0000 bb", // nor at the second level
                "0000 0008 00000008 0174 0001 8000 aa bb", // goes on behind its end
            })
    void whatIsNoParityIsRefused(String payload) {
        assertThat(UlpfecPacket.parse(hex(payload))).isNull();
    }

    @Test
    void onlySoManyLevelsAreTaken() {
        String head = "0000 0008 00000008 0174";
        String level = "0001 8000 aa";
        assertThat(UlpfecPacket.parse(hex(head + level.repeat(UlpfecPacket.MAX_LEVELS))))
                .isNotNull();
        assertThat(UlpfecPacket.parse(hex(head + level.repeat(UlpfecPacket.MAX_LEVELS + 1))))
                .isNull();
    }
}
