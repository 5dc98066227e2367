package dev.nearhand.capture.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.codec.EncodedFrame;
import dev.nearhand.capture.codec.VideoCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EncodedQueueTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final EncodedQueue queue = new EncodedQueue(3, asked::incrementAndGet);

    @Test
    void framesLeaveInTheirOrder() throws Exception {
        queue.offer(frame(0, true));
        queue.offer(frame(1, false));
        assertThat(taken()).isEqualTo(0);
        assertThat(taken()).isEqualTo(1);
        assertThat(queue.take(Duration.ZERO)).isEmpty();
    }

    @Test
    void whenFullItDropsUpToTheNextKeyFrameAndAsksForOneOnce() throws Exception {
        queue.offer(frame(0, true));
        queue.offer(frame(1, false));
        queue.offer(frame(2, false));
        assertThat(queue.offer(frame(3, false))).isFalse();
        assertThat(queue.offer(frame(4, false))).isFalse();
        assertThat(asked).hasValue(1);
        assertThat(queue.size()).isZero();
        assertThat(queue.offer(frame(5, true))).isTrue();
        assertThat(queue.offer(frame(6, false))).isTrue();
        assertThat(taken()).isEqualTo(5);
        assertThat(taken()).isEqualTo(6);
        assertThat(queue.dropped()).isEqualTo(5);
    }

    @Test
    void aKeyFrameIntoAFullQueueStartsAfresh() throws Exception {
        for (int index = 0; index < 3; index++) {
            queue.offer(frame(index, index == 0));
        }
        assertThat(queue.offer(frame(3, true))).isTrue();
        assertThat(asked).hasValue(0);
        assertThat(taken()).isEqualTo(3);
    }

    @Test
    void aClosedQueueTakesNothingAndWakesTheReader() throws Exception {
        queue.offer(frame(0, true));
        queue.close();
        assertThat(queue.take(Duration.ofSeconds(30))).isEmpty();
        assertThat(queue.offer(frame(1, true))).isFalse();
    }

    private long taken() throws InterruptedException {
        return queue.take(Duration.ZERO).orElseThrow().captureNanos();
    }

    private static EncodedFrame frame(long number, boolean keyframe) {
        return new EncodedFrame(VideoCodec.VP8, ByteBuffer.allocate(1), keyframe, number, 16, 16, 10, false);
    }
}
