package dev.nearhand.transport.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

class DcepFuzzTest {
    /// What is read can be written, and reads back the same.
    @FuzzTest
    void message(byte[] bytes) {
        DcepMessage message = DcepMessage.parse(ByteBuffer.wrap(bytes));
        if (message != null) {
            assertThat(DcepMessage.parse(message.toBytes())).isEqualTo(message);
        }
    }
}
