package dev.nearhand.capture.screen.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.capture.screen.CaptureException;
import dev.nearhand.capture.screen.CaptureOptions;
import dev.nearhand.capture.screen.CaptureResult;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenCapture;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.screen.ScreenSource;
import dev.nearhand.testing.Requires;
import dev.nearhand.testing.Xvfb;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// The portable path, on the one of its devices that a test can have: x11grab.
class FFmpegSourceTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void theScreenIsGrabbedWholeAndThenOnlyWhenItChanges() {
        String xsetroot = Requires.tool("xsetroot", "x11-xserver-utils").toString();
        try (Xvfb x = Xvfb.start(647, 361);
                ScreenSource source = FFmpegSource.open(x.display());
                ScreenCapture capture = open(source)) {
            x.run(xsetroot, "-solid", "#123456");
            assertThat(source.monitors().getFirst().bounds()).isEqualTo(new Rect(0, 0, 647, 361));
            awaitFrame(capture, frame -> colour(frame, 646, 360) == 0x123456);
            assertThat(capture.next(Duration.ofMillis(150))).isEqualTo(new CaptureResult.Unchanged());
            x.run(xsetroot, "-solid", "#654321");
            awaitFrame(capture, frame -> colour(frame, 0, 0) == 0x654321);
        }
    }

    @Test
    void aResizeIsAnOrdinaryEvent() {
        try (Xvfb x = Xvfb.start(800, 600);
                ScreenSource source = FFmpegSource.open(x.display());
                ScreenCapture capture = open(source)) {
            awaitFrame(capture, frame -> frame.width() == 800);
            x.resize(640, 480);
            CaptureResult result = capture.next(LONG);
            while (result instanceof CaptureResult.Frame(ScreenFrame frame)) {
                frame.close();
                result = capture.next(LONG);
            }
            assertThat(result).isInstanceOf(CaptureResult.Reinit.class);
            awaitFrame(capture, frame -> frame.width() == 640 && frame.height() == 480);
        }
    }

    @Test
    void aScreenThatVanishesIsGoneForEver() {
        try (Xvfb x = Xvfb.start(320, 240);
                ScreenSource source = FFmpegSource.open(x.display());
                ScreenCapture capture = open(source)) {
            awaitFrame(capture, _ -> true);
            x.kill();
            CaptureResult result = capture.next(LONG);
            while (result instanceof CaptureResult.Frame(ScreenFrame frame)) {
                frame.close();
                result = capture.next(LONG);
            }
            assertThat(result).isInstanceOf(CaptureResult.Gone.class);
            assertThat(capture.next(LONG)).isEqualTo(result);
        }
    }

    @Test
    void withoutAScreenItSaysSo() {
        assertThatThrownBy(() -> FFmpegSource.open(":4711"))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining(":4711");
    }

    @Test
    void everySystemHasItsDevice() {
        assertThat(GrabDevice.of("Windows 11", "").format()).isEqualTo("gdigrab");
        assertThat(GrabDevice.of("Mac OS X", "").format()).isEqualTo("avfoundation");
        assertThat(GrabDevice.of("Linux", ":7").url()).isEqualTo(":7");
    }

    private static ScreenCapture open(ScreenSource source) {
        return source.open(new CaptureTarget.WholeDesktop(), new CaptureOptions(60, 2));
    }

    private static void awaitFrame(ScreenCapture capture, Predicate<ScreenFrame> wanted) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (System.nanoTime() < deadline) {
            if (capture.next(LONG) instanceof CaptureResult.Frame(ScreenFrame frame)) {
                try (frame) {
                    if (wanted.test(frame)) {
                        return;
                    }
                }
            }
        }
        throw new AssertionError("no such frame came");
    }

    private static int colour(ScreenFrame frame, int x, int y) {
        return frame.bgra().get(ValueLayout.JAVA_INT, (long) y * frame.strideBytes() + 4L * x) & 0xffffff;
    }
}
