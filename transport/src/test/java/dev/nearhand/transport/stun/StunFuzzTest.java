package dev.nearhand.transport.stun;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

class StunFuzzTest {
    private static final StunKey KEY = StunKey.shortTerm("a password that is not told");

    /// What is read can be written, and says the same then; nothing proves to be signed by who does not know the key.
    @FuzzTest
    void message(byte[] datagram) {
        if (!(StunMessage.parse(ByteBuffer.wrap(datagram)) instanceof StunParse.Received received)) {
            return;
        }
        assertThat(received.seal().verify(KEY)).isNotEqualTo(StunSeal.Verdict.VALID);
        assertThat(received.message().attributes().size()).isLessThanOrEqualTo(StunParser.ATTRIBUTES_LIMIT);
        ByteBuffer written = ByteBuffer.allocate(datagram.length + 1_024);
        received.message().write(written, KEY);
        assertThat(StunMessage.parse(written.flip())).isInstanceOfSatisfying(StunParse.Received.class, again -> {
            assertThat(again.message()).isEqualTo(received.message());
            assertThat(again.seal().verify(KEY)).isEqualTo(StunSeal.Verdict.VALID);
        });
    }
}
