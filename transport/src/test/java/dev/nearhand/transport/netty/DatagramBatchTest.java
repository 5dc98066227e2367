package dev.nearhand.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class DatagramBatchTest {
    private static final InetSocketAddress THERE = new InetSocketAddress("192.0.2.1", 9);
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.1", 10);

    private final DatagramBatch batch = new DatagramBatch();

    @Test
    void equalDatagramsGoTogetherAndTheLastMayBeShorter() {
        assertThat(add(1, 100, THERE)).isTrue();
        assertThat(add(2, 100, new InetSocketAddress("192.0.2.1", 9))).isTrue();
        assertThat(add(3, 40, THERE)).isTrue();
        assertThat(add(4, 40, THERE)).isFalse(); // nothing comes behind a shorter one

        assertThat(batch.datagrams()).isEqualTo(3);
        assertThat(batch.segmentBytes()).isEqualTo(100);
        assertThat(batch.remote()).isEqualTo(THERE);
        ByteBuf all = batch.take();
        assertThat(all.readableBytes()).isEqualTo(240);
        assertThat(all.getByte(99)).isEqualTo((byte) 1);
        assertThat(all.getByte(100)).isEqualTo((byte) 2);
        assertThat(all.getByte(239)).isEqualTo((byte) 3);
        assertThat(all.release()).isTrue();
    }

    @Test
    void whatIsLongerOrGoesElsewhereComesNext() {
        assertThat(add(1, 100, THERE)).isTrue();
        assertThat(add(2, 101, THERE)).isFalse();
        assertThat(add(2, 100, ELSEWHERE)).isFalse();
        assertThat(add(2, 0, THERE)).isFalse();
        take();

        assertThat(add(2, 101, ELSEWHERE)).isTrue();
        assertThat(batch.segmentBytes()).isEqualTo(101);
        assertThat(batch.remote()).isEqualTo(ELSEWHERE);
        take();
    }

    @Test
    void thereAreNoMoreThanTheSystemTakes() {
        for (int i = 0; i < DatagramBatch.MOST_DATAGRAMS; i++) {
            assertThat(add(i, 10, THERE)).isTrue();
        }
        assertThat(add(0, 10, THERE)).isFalse();
        take();
        int fit = DatagramBatch.MOST_BYTES / 1_400;
        for (int i = 0; i < fit; i++) {
            assertThat(add(i, 1_400, THERE)).isTrue();
        }
        assertThat(add(0, 1_400, THERE)).isFalse();
        take();
    }

    @Test
    void anEmptyDatagramIsAlone() {
        assertThat(add(0, 0, THERE)).isTrue();
        assertThat(add(0, 0, THERE)).isFalse();
        assertThat(add(1, 1, THERE)).isFalse();
        take();
    }

    @Test
    void anEmptyBatchHasNothingToTake() {
        assertThatThrownBy(batch::take).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(batch::remote).isInstanceOf(IllegalStateException.class);
        add(1, 10, THERE);
        batch.release();
        assertThat(batch.datagrams()).isZero();
        batch.release();
        assertThatThrownBy(batch::take).isInstanceOf(IllegalStateException.class);
    }

    private boolean add(int fill, int length, InetSocketAddress to) {
        ByteBuffer datagram = ByteBuffer.allocate(length);
        while (datagram.hasRemaining()) {
            datagram.put((byte) fill);
        }
        return batch.add(datagram.flip(), to, UnpooledByteBufAllocator.DEFAULT);
    }

    private void take() {
        assertThat(batch.take().release()).isTrue();
        assertThat(batch.datagrams()).isZero();
    }
}
