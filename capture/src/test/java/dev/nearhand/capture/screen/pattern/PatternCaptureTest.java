package dev.nearhand.capture.screen.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.screen.CaptureOptions;
import dev.nearhand.capture.screen.CaptureResult;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenCapture;
import dev.nearhand.capture.screen.ScreenFrame;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternCaptureTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @ParameterizedTest
    @CsvSource({"1280,720", "1367,769", "100,60", "7,3", "1,1"})
    void nothingChangesOutsideTheChangedRectangles(int width, int height) {
        try (Arena arena = Arena.ofConfined()) {
            PatternPicture picture = new PatternPicture(width, height);
            MemorySegment before = arena.allocate((long) width * height * 4);
            MemorySegment now = arena.allocate((long) width * height * 4);
            picture.draw(0);
            picture.writeTo(before);
            for (long index : new long[] {1, 2, 29, 30, 31, 900}) {
                List<Rect> changed = picture.draw(index);
                picture.writeTo(now);
                assertThat(changed).isNotEmpty();
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        long at = ((long) y * width + x) * 4;
                        if (before.get(ValueLayout.JAVA_INT, at) != now.get(ValueLayout.JAVA_INT, at)) {
                            int column = x;
                            int row = y;
                            assertThat(changed.stream().anyMatch(rect -> rect.contains(column, row)))
                                    .as("%d,%d of picture %d", x, y, index)
                                    .isTrue();
                        }
                    }
                }
                before.copyFrom(now);
            }
        }
    }

    @Test
    void thePictureDependsOnItsNumberOnly() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(320 * 200 * 4);
            MemorySegment other = arena.allocate(320 * 200 * 4);
            PatternPicture straight = new PatternPicture(320, 200);
            straight.draw(77);
            straight.writeTo(one);
            PatternPicture stepwise = new PatternPicture(320, 200);
            for (int index = 0; index <= 77; index++) {
                stepwise.draw(index);
            }
            stepwise.writeTo(other);
            assertThat(one.mismatch(other)).isEqualTo(-1);
        }
    }

    @Test
    void theFirstFrameIsAWholeOneAndOthersFollow() {
        try (ScreenCapture capture = open(true)) {
            try (ScreenFrame first = frame(capture)) {
                assertThat(first.changed()).containsExactly(new Rect(0, 0, 64, 48));
            }
            try (ScreenFrame second = frame(capture)) {
                assertThat(second.changed()).isNotEqualTo(List.of(new Rect(0, 0, 64, 48)));
            }
        }
    }

    @Test
    void aStillPatternIsUnchangedUntilItIsRefreshed() {
        try (ScreenCapture capture = open(false)) {
            frame(capture).close();
            assertThat(capture.next(Duration.ofMillis(20))).isEqualTo(new CaptureResult.Unchanged());
            capture.refresh();
            try (ScreenFrame again = frame(capture)) {
                assertThat(again.changed()).containsExactly(new Rect(0, 0, 64, 48));
            }
        }
    }

    @Test
    void withAllFramesOutItWaitsForOne() {
        try (ScreenCapture capture = open(true)) {
            ScreenFrame first = frame(capture);
            ScreenFrame second = frame(capture);
            assertThat(capture.next(Duration.ofMillis(20))).isEqualTo(new CaptureResult.Unchanged());
            first.close();
            frame(capture).close();
            second.close();
        }
    }

    @Test
    void afterClosingNothingIsThere() {
        ScreenCapture capture = open(true);
        ScreenFrame frame = frame(capture);
        capture.close();
        capture.close();
        assertThat(frame.bgra().byteSize()).isEqualTo(64 * 48 * 4);
        frame.close();
        assertThat(capture.next(LONG)).isInstanceOf(CaptureResult.Gone.class);
    }

    private static ScreenCapture open(boolean moves) {
        return new PatternSource(64, 48, moves).open(new CaptureTarget.WholeDesktop(), new CaptureOptions(240, 2));
    }

    private static ScreenFrame frame(ScreenCapture capture) {
        CaptureResult result = capture.next(LONG);
        assertThat(result).isInstanceOf(CaptureResult.Frame.class);
        return ((CaptureResult.Frame) result).frame();
    }
}
