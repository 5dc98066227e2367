package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.wire.Path;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class EarlyPacketsTest {
    private static final InetSocketAddress NOWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    private static final Path PATH = new Path(NOWHERE, NOWHERE);

    private final EarlyPackets early = new EarlyPackets();

    @Test
    void keepsACopyOfWhatCameFirst() {
        ByteBuffer lent = ByteBuffer.wrap(new byte[] {1, 2, 3});
        early.keep(lent, PATH);
        lent.put(0, (byte) 9);
        EarlyPackets.Packet kept = early.poll();
        assertThat(kept).isNotNull();
        assertThat(kept.datagram()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(lent.position()).isZero();
        assertThat(early.poll()).isNull();
    }

    @Test
    void dropsTheLaterOnesWhenThereAreTooMany() {
        for (int i = 0; i < EarlyPackets.PACKETS_LIMIT + 5; i++) {
            early.keep(ByteBuffer.wrap(new byte[] {(byte) i}), PATH);
        }
        assertThat(early.size()).isEqualTo(EarlyPackets.PACKETS_LIMIT);
        assertThat(early.dropped()).isEqualTo(5);
        EarlyPackets.Packet first = early.poll();
        assertThat(first).isNotNull();
        assertThat(first.datagram().get(0)).isZero();
    }

    @Test
    void dropsTheLaterOnesWhenTheyAreTooLarge() {
        for (int i = 0; i < EarlyPackets.PACKETS_LIMIT; i++) {
            early.keep(ByteBuffer.allocate(8 * 1024), PATH);
        }
        assertThat(early.size()).isEqualTo(EarlyPackets.BYTES_LIMIT / (8 * 1024));
        while (early.poll() != null) {
            // taken one by one
        }
        early.keep(ByteBuffer.allocate(8 * 1024), PATH);
        assertThat(early.size()).isOne();
    }
}
