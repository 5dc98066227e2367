package dev.nearhand.transport.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;

class RtcpFuzzTest {
    @FuzzTest
    void compound(byte[] datagram) {
        RtcpCompound compound = RtcpReader.parse(ByteBuffer.wrap(datagram));
        int all = compound.packets().size() + compound.unknown() + compound.malformed();
        assertThat(all).isLessThanOrEqualTo(Math.min(RtcpReader.MAX_PACKETS + 1, datagram.length));
    }
}
