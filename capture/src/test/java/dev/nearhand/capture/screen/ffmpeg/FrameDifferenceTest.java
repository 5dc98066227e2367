package dev.nearhand.capture.screen.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.screen.Rect;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameDifferenceTest {
    @Test
    void equalPicturesDifferNowhere() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment picture = arena.allocate(100 * 50 * 4);
            assertThat(FrameDifference.of(picture, 400, picture, 400, 100, 50)).isEmpty();
        }
    }

    @Test
    void everyChangedPixelIsInARectangleInsideThePicture() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            int width = 1 + random.nextInt(300);
            int height = 1 + random.nextInt(60);
            int wide = width * 4 + random.nextInt(3) * 4;
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment before = arena.allocate((long) width * height * 4);
                MemorySegment now = arena.allocate((long) wide * height);
                int x = random.nextInt(width);
                int y = random.nextInt(height);
                int otherX = random.nextInt(width);
                now.set(ValueLayout.JAVA_BYTE, (long) y * wide + x * 4L + random.nextInt(3), (byte) 1);
                now.set(ValueLayout.JAVA_BYTE, (long) y * wide + otherX * 4L, (byte) 1);
                List<Rect> changed = FrameDifference.of(before, width * 4, now, wide, width, height);
                assertThat(changed).hasSize(1);
                Rect rect = changed.getFirst();
                assertThat(rect.contains(x, y)).isTrue();
                assertThat(rect.contains(otherX, y)).isTrue();
                assertThat(rect.intersection(Rect.ofSize(width, height))).isEqualTo(rect);
                assertThat(rect.height()).isEqualTo(1);
            }
        }
    }
}
