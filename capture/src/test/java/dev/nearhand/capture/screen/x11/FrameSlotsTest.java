package dev.nearhand.capture.screen.x11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.x11.X11Display;
import dev.nearhand.capture.x11.X11Exception;
import dev.nearhand.testing.Xvfb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FrameSlotsTest {
    // no other test has a screen of this size, so its memory is known by its length
    private static final int WIDTH = 1024;
    private static final int HEIGHT = 401;
    private static final long BYTES = (4L * WIDTH * HEIGHT + 4095) / 4096 * 4096;

    /// It lost the memory of a picture when the server died while that picture was read.
    @Test
    void aServerThatDiesWhileItIsReadCostsNoMemory() throws IOException {
        try (Xvfb xvfb = Xvfb.start(WIDTH, HEIGHT);
                X11Display display = X11Display.open(xvfb.display())) {
            Rect all = Rect.ofSize(WIDTH, HEIGHT);
            FrameSlots slots = new FrameSlots(display, display.rootWindow(), all, 2);
            ScreenFrame kept = slots.read(List.of(all)).orElseThrow();
            assertThat(slots.awaitFree(0)).isTrue(); // another picture
            assertThat(mapped()).isEqualTo(2);
            xvfb.kill();

            assertThatThrownBy(() -> slots.read(List.of(all)))
                    .isInstanceOfSatisfying(X11Exception.class, failure -> assertThat(failure.gone())
                            .isTrue());

            slots.retire();
            assertThat(mapped()).as("that of the frame that is out").isEqualTo(1);
            kept.close();
            assertThat(mapped()).isZero();
        }
    }

    /// How many pictures of this test's size this process shares with X servers.
    private static long mapped() throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains("/SYSV"))
                    .map(line -> line.split("[- ]"))
                    .filter(words -> Long.parseLong(words[1], 16) - Long.parseLong(words[0], 16) == BYTES)
                    .count();
        }
    }
}
