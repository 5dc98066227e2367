package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.peer.Demux.Protocol;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DemuxTest {
    @Test
    void tellsProtocolsApartByTheRangesOfRfc7983() {
        for (int first = 0; first < 256; first++) {
            Protocol expected = Protocol.UNKNOWN;
            if (first <= 3) {
                expected = Protocol.STUN;
            } else if (first >= 20 && first <= 63) {
                expected = Protocol.DTLS;
            } else if (first >= 128 && first <= 191) {
                expected = Protocol.RTP;
            }
            assertThat(Demux.classify(packet(first, 96, 40)))
                    .as("first byte %d", first)
                    .isEqualTo(expected);
        }
    }

    @Test
    void takesPacketTypes192To223ForRtcp() {
        for (int second = 0; second < 256; second++) {
            Protocol expected = second >= 192 && second <= 223 ? Protocol.RTCP : Protocol.RTP;
            assertThat(Demux.classify(packet(0x80, second, 40)))
                    .as("second byte %d", second)
                    .isEqualTo(expected);
        }
    }

    @Test
    void knowsNothingThatIsShorterThanItsHeader() {
        assertThat(Demux.classify(packet(0, 1, 19))).isEqualTo(Protocol.UNKNOWN);
        assertThat(Demux.classify(packet(22, 254, 12))).isEqualTo(Protocol.UNKNOWN);
        assertThat(Demux.classify(packet(0x80, 96, 11))).isEqualTo(Protocol.UNKNOWN);
        assertThat(Demux.classify(packet(0x80, 200, 7))).isEqualTo(Protocol.UNKNOWN);
        assertThat(Demux.classify(ByteBuffer.allocate(0))).isEqualTo(Protocol.UNKNOWN);
        assertThat(Demux.classify(ByteBuffer.allocate(1))).isEqualTo(Protocol.UNKNOWN);
    }

    @Test
    void readsFromTheBuffersPositionAndMovesNothing() {
        ByteBuffer packet = ByteBuffer.allocate(64).position(10);
        packet.put(10, (byte) 22);
        assertThat(Demux.classify(packet)).isEqualTo(Protocol.DTLS);
        assertThat(packet.position()).isEqualTo(10);
        assertThat(packet.limit()).isEqualTo(64);
    }

    private static ByteBuffer packet(int first, int second, int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        bytes[0] = (byte) first;
        bytes[1] = (byte) second;
        return ByteBuffer.wrap(bytes);
    }
}
