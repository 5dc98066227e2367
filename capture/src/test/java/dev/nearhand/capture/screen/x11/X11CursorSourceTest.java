package dev.nearhand.capture.screen.x11;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.screen.CursorPosition;
import dev.nearhand.capture.screen.CursorSource;
import dev.nearhand.capture.screen.ScreenSource;
import dev.nearhand.capture.x11.FakeInput;
import dev.nearhand.capture.x11.X11Display;
import dev.nearhand.testing.Xvfb;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Waiting for the cursor, on a real X server. Its shape and place are tested with the capture.
class X11CursorSourceTest {
    /// Far more than an event needs on the busiest machine.
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void aMovingPointerEndsTheWait() throws InterruptedException {
        try (Xvfb xvfb = Xvfb.start(320, 240);
                X11Display devices = X11Display.open(xvfb.display());
                ScreenSource source = X11ScreenSource.open(xvfb.display());
                CursorSource cursor = source.openCursor().orElseThrow()) {
            FakeInput pointer = new FakeInput(devices);
            for (int x = 10; x < 60; x += 10) {
                settle(cursor);
                pointer.motion(x, 20);
                devices.sync();
                assertThat(endsBeforeTheLimit(cursor)).isTrue();
                CursorPosition place = cursor.position();
                assertThat(place.x()).isEqualTo(x);
                assertThat(place.y()).isEqualTo(20);
            }
        }
    }

    @Test
    void anotherThreadEndsTheWaitForGood() throws InterruptedException {
        try (Xvfb xvfb = Xvfb.start(320, 240);
                ScreenSource source = X11ScreenSource.open(xvfb.display())) {
            CursorSource cursor = source.openCursor().orElseThrow();
            settle(cursor);
            Thread.ofPlatform().start(cursor::wake);
            assertThat(endsBeforeTheLimit(cursor)).isTrue();
            assertThat(endsBeforeTheLimit(cursor)).isTrue();
            cursor.close();
            cursor.wake();
        }
    }

    private static boolean endsBeforeTheLimit(CursorSource cursor) throws InterruptedException {
        long begun = System.nanoTime();
        cursor.await(LIMIT);
        return System.nanoTime() - begun < LIMIT.toNanos();
    }

    /// Reads what has come, until nothing does.
    private static void settle(CursorSource cursor) throws InterruptedException {
        Duration pause = Duration.ofMillis(100);
        long begun;
        do {
            cursor.pollShape();
            begun = System.nanoTime();
            cursor.await(pause);
        } while (System.nanoTime() - begun < pause.toNanos());
    }
}
