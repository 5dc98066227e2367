package dev.nearhand.transport.mdns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

class MdnsFuzzTest {
    @FuzzTest
    void answers(byte[] datagram) {
        for (MdnsAnswer answer : MdnsMessage.answers(ByteBuffer.wrap(datagram))) {
            assertThat(answer.hostName()).isEqualTo(answer.hostName().toLowerCase(java.util.Locale.ROOT));
            if (MdnsMessage.isAskable(answer.hostName())) {
                MdnsMessage.writeQuestion(answer.hostName(), ByteBuffer.allocate(MdnsMessage.MAX_QUESTION_BYTES));
            }
        }
    }
}
