package dev.nearhand.capture.screen.x11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.capture.screen.CaptureException;
import dev.nearhand.capture.screen.CaptureOptions;
import dev.nearhand.capture.screen.CaptureResult;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.CursorPosition;
import dev.nearhand.capture.screen.CursorShape;
import dev.nearhand.capture.screen.CursorSource;
import dev.nearhand.capture.screen.Monitor;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenCapture;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.screen.ScreenSource;
import dev.nearhand.capture.x11.Area;
import dev.nearhand.capture.x11.PixelProbe;
import dev.nearhand.capture.x11.X11Painter;
import dev.nearhand.testing.Requires;
import dev.nearhand.testing.Xvfb;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class X11ScreenCaptureTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final CaptureTarget DESKTOP = new CaptureTarget.WholeDesktop();

    @ParameterizedTest
    @CsvSource({"1280,720", "1920,1080", "1367,769", "1,1"})
    void capturesExactlyThePixelsThatWereDrawn(int width, int height) {
        try (Xvfb xvfb = Xvfb.start(width, height);
                X11Painter painter = new X11Painter(xvfb.display(), width, height);
                ScreenSource source = X11ScreenSource.open(xvfb.display());
                ScreenCapture capture = source.open(DESKTOP, CaptureOptions.defaults())) {
            int[] drawn = noise(width * height);
            painter.put(0, 0, width, height, drawn);
            settle(capture);
            capture.refresh();
            try (ScreenFrame frame = frame(capture)) {
                assertThat(frame.width()).isEqualTo(width);
                assertThat(frame.height()).isEqualTo(height);
                assertThat(frame.changed()).containsExactly(Rect.ofSize(width, height));
                assertThat(rgb(frame)).isEqualTo(drawn);
            }
        }
    }

    @Test
    void reportsOnlyWhatChangedAndKeepsTheRest() {
        try (Xvfb xvfb = Xvfb.start(1280, 720);
                X11Painter painter = new X11Painter(xvfb.display(), 1280, 720);
                ScreenSource source = X11ScreenSource.open(xvfb.display());
                ScreenCapture capture = source.open(DESKTOP, CaptureOptions.defaults())) {
            int[] expected = noise(1280 * 720);
            painter.put(0, 0, 1280, 720, expected);
            settle(capture);
            Random random = new Random(7);
            for (int round = 0; round < 40; round++) {
                Rect rect = new Rect(
                        random.nextInt(1200), random.nextInt(680), 1 + random.nextInt(80), 1 + random.nextInt(40));
                int rgb = random.nextInt(1 << 24);
                painter.fill(rect.x(), rect.y(), rect.width(), rect.height(), rgb);
                fill(expected, 1280, rect, rgb);
                try (ScreenFrame frame = frame(capture)) {
                    assertThat(frame.changed()).containsExactly(rect);
                    assertThat(rgb(frame)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void everyFrameThatIsOutKeepsItsOwnPixels() {
        try (Xvfb xvfb = Xvfb.start(640, 480);
                X11Painter painter = new X11Painter(xvfb.display(), 640, 480);
                ScreenSource source = X11ScreenSource.open(xvfb.display());
                ScreenCapture capture = source.open(DESKTOP, new CaptureOptions(240, 3))) {
            settle(capture);
            List<ScreenFrame> out = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                painter.fill(0, 0, 640, 480, i + 1);
                out.add(frame(capture));
            }
            painter.fill(0, 0, 640, 480, 4);
            assertThat(capture.next(SHORT)).isInstanceOf(CaptureResult.Unchanged.class);
            for (int i = 0; i < 3; i++) {
                assertThat(rgb(out.get(i))).containsOnly(i + 1);
            }
            out.get(1).close();
            try (ScreenFrame newest = frame(capture)) {
                assertThat(rgb(newest)).containsOnly(4);
            }
            out.forEach(ScreenFrame::close);
        }
    }

    @Test
    void aStillScreenIsUnchangedAndCostsNoCpu() {
        try (Xvfb xvfb = Xvfb.start(1920, 1080);
                ScreenSource source = X11ScreenSource.open(xvfb.display());
                ScreenCapture capture = source.open(DESKTOP, CaptureOptions.defaults())) {
            settle(capture);
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < 20; i++) {
                assertThat(capture.next(SHORT)).isInstanceOf(CaptureResult.Unchanged.class);
            }
            // a second of waiting; a loop that asks again and again would use most of it
            assertThat(threads.getCurrentThreadCpuTime() - before).isLessThan(100_000_000);
        }
    }

    @Test
    void aNewSizeIsAnOrdinaryResultAndTheNextFrameIsWhole() {
        try (Xvfb xvfb = Xvfb.start(1920, 1080);
                X11Painter painter = new X11Painter(xvfb.display(), 1920, 1080);
                ScreenSource source = X11ScreenSource.open(xvfb.display());
                ScreenCapture capture = source.open(DESKTOP, CaptureOptions.defaults())) {
            settle(capture);
            ScreenFrame old = refreshed(capture);
            for (int[] size : new int[][] {{1367, 769}, {1280, 720}, {641, 301}, {1920, 1080}}) {
                xvfb.resize(size[0], size[1]);
                CaptureResult.Reinit reinit = reinit(capture);
                assertThat(reinit.width()).isEqualTo(size[0]);
                assertThat(reinit.height()).isEqualTo(size[1]);
                int[] drawn = noise(size[0] * size[1]);
                painter.put(0, 0, size[0], size[1], drawn);
                settle(capture);
                try (ScreenFrame frame = refreshed(capture)) {
                    assertThat(frame.changed()).containsExactly(Rect.ofSize(size[0], size[1]));
                    assertThat(rgb(frame)).isEqualTo(drawn);
                }
                assertThat(source.changed()).isTrue();
                assertThat(source.monitors().getFirst().bounds()).isEqualTo(Rect.ofSize(size[0], size[1]));
            }
            assertThat(rgb(old)).hasSize(1920 * 1080);
            old.close();
            assertThatThrownBy(old::bgra).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void oneMonitorOfTwoIsCapturedAtItsPlace() {
        try (Xvfb xvfb = Xvfb.start(1280, 720);
                X11Painter painter = new X11Painter(xvfb.display(), 1280, 720);
                ScreenSource source = X11ScreenSource.open(xvfb.display())) {
            xvfb.xrandr(List.of("--setmonitor", "left", "640/100x720/100+0+0", "screen"));
            xvfb.xrandr(List.of("--setmonitor", "right", "640/100x700/100+640+20", "none"));
            List<Monitor> monitors = source.monitors();
            assertThat(monitors).extracting(Monitor::name).containsExactlyInAnyOrder("left", "right");
            Monitor right = monitors.stream()
                    .filter(m -> m.name().equals("right"))
                    .findFirst()
                    .orElseThrow();
            try (ScreenCapture capture = source.open(new CaptureTarget.OneMonitor(right), CaptureOptions.defaults())) {
                settle(capture);
                painter.fill(600, 30, 100, 10, 0x123456);
                try (ScreenFrame frame = frame(capture)) {
                    assertThat(frame.width()).isEqualTo(640);
                    assertThat(frame.height()).isEqualTo(700);
                    assertThat(frame.changed()).containsExactly(new Rect(0, 10, 60, 10));
                    assertThat(rgb(frame)[10 * 640 + 59]).isEqualTo(0x123456);
                    assertThat(rgb(frame)[10 * 640 + 60]).isZero();
                }
                painter.fill(0, 0, 100, 100, 0xFFFFFF);
                assertThat(capture.next(SHORT)).isInstanceOf(CaptureResult.Unchanged.class);

                xvfb.xrandr(List.of("--delmonitor", "right"));
                xvfb.resize(800, 600);
                assertThat(gone(capture).reason()).contains("monitor").contains("disconnected");
            }
        }
    }

    @Test
    void theRootWindowIsCapturedWhenNoOutputIsConnected() {
        try (Xvfb xvfb = Xvfb.start(1280, 720);
                ScreenSource source = X11ScreenSource.open(xvfb.display());
                ScreenCapture capture = source.open(DESKTOP, CaptureOptions.defaults())) {
            settle(capture);
            xvfb.xrandr(List.of("--output", "screen", "--off", "--fb", "800x600"));
            assertThat(reinit(capture).width()).isEqualTo(800);
            assertThat(source.monitors()).containsExactly(new Monitor(0, "desktop", Rect.ofSize(800, 600), true));
            try (ScreenFrame frame = frame(capture)) {
                assertThat(frame.height()).isEqualTo(600);
            }
        }
    }

    @Test
    void theEndOfTheXServerIsGoneWhileWaitingAndAfterwards() throws InterruptedException {
        try (Xvfb xvfb = Xvfb.start(1280, 720);
                ScreenSource source = X11ScreenSource.open(xvfb.display());
                CursorSource cursor = source.openCursor().orElseThrow();
                ScreenCapture capture = source.open(DESKTOP, CaptureOptions.defaults())) {
            settle(capture);
            AtomicReference<CaptureResult> last = new AtomicReference<>();
            Thread waiting = Thread.ofPlatform().start(() -> last.set(capture.next(Duration.ofSeconds(30))));
            xvfb.kill();
            waiting.join();
            assertThat(last.get()).isInstanceOf(CaptureResult.Gone.class);
            assertThat(capture.next(LONG)).isInstanceOf(CaptureResult.Gone.class);
            assertThatThrownBy(source::monitors)
                    .isInstanceOf(CaptureException.class)
                    .hasMessageContaining("X server");
            assertThatThrownBy(cursor::position).isInstanceOf(CaptureException.class);
        }
    }

    @Test
    void theEndOfTheXServerInMidDrawingIsGone() {
        for (int round = 0; round < 5; round++) {
            try (Xvfb xvfb = Xvfb.start(1280, 720);
                    ScreenSource source = X11ScreenSource.open(xvfb.display());
                    ScreenCapture capture = source.open(DESKTOP, new CaptureOptions(240, 3))) {
                xvfb.start("sh", "-c", "while xsetroot -solid red && xsetroot -solid blue; do :; done");
                frame(capture).close();
                frame(capture).close();
                Thread.ofPlatform().start(xvfb::kill);
                assertThat(gone(capture).reason()).contains("X server");
            }
        }
    }

    @Test
    void closingWhileAnotherThreadWaitsEndsTheWait() throws InterruptedException {
        try (Xvfb xvfb = Xvfb.start(64, 64);
                ScreenSource source = X11ScreenSource.open(xvfb.display())) {
            ScreenCapture capture = source.open(DESKTOP, CaptureOptions.defaults());
            ScreenFrame kept = frame(capture);
            settle(capture);
            Thread waiting = Thread.ofPlatform().start(() -> capture.next(Duration.ofSeconds(50)));
            capture.close();
            waiting.join();
            assertThat(capture.next(LONG)).isInstanceOf(CaptureResult.Gone.class);
            assertThat(rgb(kept)).hasSize(64 * 64);
            kept.close();
        }
    }

    @Test
    void aScreenOf16BitsIsRefusedInOneSentence() {
        try (Xvfb xvfb = Xvfb.start(640, 480, 16)) {
            assertThatThrownBy(() -> X11ScreenSource.open(xvfb.display()))
                    .isInstanceOf(CaptureException.class)
                    .hasMessageContaining("colour depth of 16 bits");
        }
    }

    @Test
    void aServerWithoutSharedMemoryIsRefusedInOneSentence() {
        try (Xvfb xvfb = Xvfb.start(640, 480, 24, "-extension", "MIT-SHM")) {
            assertThatThrownBy(() -> X11ScreenSource.open(xvfb.display()))
                    .isInstanceOf(CaptureException.class)
                    .hasMessageContaining("no MIT-SHM extension");
        }
    }

    @Test
    void whatABusyTerminalDrewLastIsInTheLastFrame(@TempDir Path folder) {
        Path xterm = Requires.tool("xterm", "xterm");
        Path ended = folder.resolve("ended");
        try (Xvfb xvfb = Xvfb.start(1280, 720);
                ScreenSource source = X11ScreenSource.open(xvfb.display());
                ScreenCapture capture = source.open(DESKTOP, new CaptureOptions(240, 4));
                PixelProbe truth = new PixelProbe(xvfb.display(), new Area(0, 0, 1280, 720))) {
            settle(capture);
            xvfb.start(
                    xterm.toString(),
                    "-geometry",
                    "150x50+30+30",
                    "-e",
                    "sh",
                    "-c",
                    "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo $i $i $i; [ $((i % 50)) -ne 0 ] || sleep 0.02; done;"
                            + " clear; echo the end; touch " + ended + "; sleep 60");
            // two are always out, so that every image takes its turn
            Deque<ScreenFrame> out = new ArrayDeque<>();
            try {
                int frames = 0;
                boolean done = false;
                while (!done) {
                    boolean drawing = !Files.exists(ended);
                    CaptureResult result = capture.next(Duration.ofSeconds(1));
                    if (result instanceof CaptureResult.Frame(ScreenFrame frame)) {
                        frames++;
                        out.add(frame);
                        if (out.size() > 2) {
                            out.remove().close();
                        }
                    } else if (!drawing) {
                        done = true;
                    }
                }
                truth.read();
                assertThat(frames).isGreaterThan(5);
                assertThat(out.getLast().bgra().mismatch(truth.pixels())).isEqualTo(-1);
            } finally {
                out.forEach(ScreenFrame::close);
            }
        }
    }

    @Test
    void noSharedMemoryStaysBehind() throws IOException {
        try (Xvfb xvfb = Xvfb.start(640, 480);
                ScreenSource source = X11ScreenSource.open(xvfb.display())) {
            ScreenCapture capture = source.open(DESKTOP, CaptureOptions.defaults());
            frame(capture).close();
            // marked for removal while in use: nothing is left even when this process is killed now
            assertThat(sharedMemoryOfThisProcess()).isNotEmpty().allMatch(line -> line.contains("(deleted)"));
            capture.close();
            assertThat(sharedMemoryOfThisProcess()).isEmpty();
        }
    }

    private static List<String> sharedMemoryOfThisProcess() throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains("/SYSV")).toList();
        }
    }

    @Test
    void aDisplayThatDoesNotExistIsRefusedInOneSentence() {
        assertThatThrownBy(() -> X11ScreenSource.open(":9999"))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining(":9999")
                .hasMessageContaining("DISPLAY");
    }

    @Test
    void theCursorIsShapeAndPlaceAndNeverInThePicture() {
        try (Xvfb xvfb = Xvfb.start(320, 240);
                X11Painter painter = new X11Painter(xvfb.display(), 320, 240);
                ScreenSource source = X11ScreenSource.open(xvfb.display());
                CursorSource cursor = source.openCursor().orElseThrow();
                ScreenCapture capture = source.open(DESKTOP, CaptureOptions.defaults())) {
            painter.fill(0, 0, 320, 240, 0x336699);
            painter.cursor(68);
            painter.movePointer(100, 50);
            CursorShape arrow = cursor.pollShape().orElseThrow();
            assertThat(cursor.position()).isEqualTo(new CursorPosition(100, 50, true));
            assertThat(cursor.pollShape()).isEmpty();

            painter.cursor(152);
            CursorShape text = cursor.pollShape().orElseThrow();
            assertThat(text.looksLike(arrow)).isFalse();
            assertThat(text.width()).isPositive();
            painter.movePointer(7, 200);
            assertThat(cursor.position()).isEqualTo(new CursorPosition(7, 200, true));
            assertThat(cursor.pollShape()).isEmpty();

            settle(capture);
            try (ScreenFrame frame = refreshed(capture)) {
                assertThat(rgb(frame)).containsOnly(0x336699);
            }
        }
    }

    private static ScreenFrame frame(ScreenCapture capture) {
        CaptureResult result = capture.next(LONG);
        assertThat(result).isInstanceOf(CaptureResult.Frame.class);
        return ((CaptureResult.Frame) result).frame();
    }

    private static ScreenFrame refreshed(ScreenCapture capture) {
        capture.refresh();
        return frame(capture);
    }

    private static CaptureResult.Reinit reinit(ScreenCapture capture) {
        while (true) {
            switch (capture.next(LONG)) {
                case CaptureResult.Frame(ScreenFrame frame) -> frame.close();
                case CaptureResult.Reinit reinit -> {
                    return reinit;
                }
                case CaptureResult.Unchanged _, CaptureResult.Gone _ -> throw new AssertionError("no re-init");
            }
        }
    }

    private static CaptureResult.Gone gone(ScreenCapture capture) {
        while (true) {
            switch (capture.next(LONG)) {
                case CaptureResult.Frame(ScreenFrame frame) -> frame.close();
                case CaptureResult.Reinit _ -> {}
                case CaptureResult.Gone gone -> {
                    return gone;
                }
                case CaptureResult.Unchanged _ -> throw new AssertionError("not gone");
            }
        }
    }

    /// Until nothing changes any more.
    private static void settle(ScreenCapture capture) {
        while (capture.next(SHORT) instanceof CaptureResult.Frame(ScreenFrame frame)) {
            frame.close();
        }
    }

    private static int[] noise(int length) {
        return new Random(length).ints(length, 0, 1 << 24).toArray();
    }

    private static void fill(int[] pixels, int stride, Rect rect, int rgb) {
        for (int y = rect.y(); y < rect.bottom(); y++) {
            for (int x = rect.x(); x < rect.right(); x++) {
                pixels[y * stride + x] = rgb;
            }
        }
    }

    private static int[] rgb(ScreenFrame frame) {
        MemorySegment pixels = frame.bgra();
        int[] rgb = new int[frame.width() * frame.height()];
        for (int y = 0; y < frame.height(); y++) {
            for (int x = 0; x < frame.width(); x++) {
                long at = (long) y * frame.strideBytes() + x * 4L;
                rgb[y * frame.width() + x] = pixels.get(ValueLayout.JAVA_INT, at) & 0xFFFFFF;
            }
        }
        return rgb;
    }
}
