package dev.nearhand.capture.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FramePoolTest {
    @Test
    void noMoreBuffersThanTheLimitAreOut() {
        try (FramePool pool = new FramePool(2)) {
            FramePool.Buffer first = pool.take(100).orElseThrow();
            pool.take(100).orElseThrow();
            assertThat(pool.take(100)).isEmpty();
            assertThat(pool.out()).isEqualTo(2);
            first.giveBack();
            assertThat(pool.take(100)).containsSame(first);
        }
    }

    @Test
    void anotherSizeFreesTheOldBuffers() {
        try (FramePool pool = new FramePool(2)) {
            FramePool.Buffer small = pool.take(100).orElseThrow();
            FramePool.Buffer large = pool.take(200).orElseThrow();
            small.giveBack();
            assertThat(small.segment().scope().isAlive()).isFalse();
            large.giveBack();
            assertThat(large.segment().scope().isAlive()).isTrue();
        }
    }

    @Test
    void whatIsOutStaysValidUntilItComesBackToAClosedPool() {
        FramePool pool = new FramePool(1);
        FramePool.Buffer buffer = pool.take(64).orElseThrow();
        pool.close();
        assertThat(buffer.segment().scope().isAlive()).isTrue();
        buffer.giveBack();
        assertThat(buffer.segment().scope().isAlive()).isFalse();
        assertThatThrownBy(() -> pool.take(64)).isInstanceOf(IllegalStateException.class);
    }
}
