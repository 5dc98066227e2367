package dev.nearhand.capture.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LatestSlotTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final class Value implements AutoCloseable {
        private final AtomicInteger closes = new AtomicInteger();

        @Override
        public void close() {
            closes.incrementAndGet();
        }
    }

    private final LatestSlot<Value> slot = new LatestSlot<>();

    @Test
    void keepsOnlyTheNewestAndClosesTheReplacedOnce() throws Exception {
        Value first = new Value();
        Value second = new Value();
        slot.offer(first);
        slot.offer(second);
        assertThat(first.closes).hasValue(1);
        assertThat(slot.take(Duration.ZERO)).containsSame(second);
        assertThat(second.closes).hasValue(0);
        assertThat(slot.dropped()).isEqualTo(1);
        assertThat(slot.take(Duration.ZERO)).isEmpty();
    }

    @Test
    void whoWaitsGetsWhatIsOffered() throws Exception {
        CompletableFuture<Optional<Value>> taken = CompletableFuture.supplyAsync(() -> {
            try {
                return slot.take(LONG);
            } catch (InterruptedException failure) {
                throw new IllegalStateException(failure);
            }
        });
        Value value = new Value();
        slot.offer(value);
        assertThat(taken.get()).containsSame(value);
    }

    @Test
    void closingClosesWhatIsInsideAndWakesTheReader() throws Exception {
        Value value = new Value();
        slot.offer(value);
        slot.close();
        assertThat(value.closes).hasValue(1);
        assertThat(slot.take(LONG)).isEmpty();
        Value late = new Value();
        slot.offer(late);
        assertThat(late.closes).hasValue(1);
    }

    @Test
    void aFrameThatTakesAnotherOnesPlaceTakesOverItsChanges() {
        AtomicInteger released = new AtomicInteger();
        try (Arena arena = Arena.ofConfined();
                LatestSlot<ScreenFrame> frames = LatestSlot.ofScreenFrames()) {
            frames.offer(frame(arena, 8, new Rect(0, 0, 2, 2), released));
            frames.offer(frame(arena, 8, new Rect(4, 4, 1, 1), released));
            assertThat(released).hasValue(1);
            ScreenFrame merged = frames.poll().orElseThrow();
            assertThat(merged.changed()).containsExactly(new Rect(0, 0, 2, 2), new Rect(4, 4, 1, 1));
            merged.close();
            merged.close();
            assertThat(released).hasValue(2);
        }
    }

    @Test
    void aFrameOfAnotherSizeIsChangedAsAWhole() {
        AtomicInteger released = new AtomicInteger();
        try (Arena arena = Arena.ofConfined();
                LatestSlot<ScreenFrame> frames = LatestSlot.ofScreenFrames()) {
            frames.offer(frame(arena, 8, new Rect(0, 0, 2, 2), released));
            frames.offer(frame(arena, 9, new Rect(4, 4, 1, 1), released));
            assertThat(frames.poll().orElseThrow().changed()).containsExactly(new Rect(0, 0, 9, 9));
        }
    }

    private static ScreenFrame frame(Arena arena, int side, Rect changed, AtomicInteger released) {
        return new ScreenFrame(
                side,
                side,
                side * 4,
                arena.allocate((long) side * side * 4),
                List.of(changed),
                0,
                released::incrementAndGet);
    }
}
