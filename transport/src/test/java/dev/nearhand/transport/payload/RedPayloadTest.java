package dev.nearhand.transport.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedPayloadTest {
    private static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits));
    }

    @Test
    void thePrimaryBlockIsTheLastOneAndTheOthersAreSkipped() {
        assertThat(RedPayload.parse(hex("60aabb"))).isEqualTo(new RedPayload(96, hex("aabb")));
        assertThat(RedPayload.parse(hex("ef000c02" + "6f" + "0102" + "0304")))
                .isEqualTo(new RedPayload(111, hex("0304")));
    }

    @Test
    void blocksThatAreLongerThanThePayloadAreRefused() {
        for (String payload : List.of("", "ef", "ef000c02", "ef000c036f0102", "ff".repeat(200))) {
            assertThat(RedPayload.parse(hex(payload))).as(payload).isNull();
        }
    }
}
