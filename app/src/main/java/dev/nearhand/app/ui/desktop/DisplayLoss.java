package dev.nearhand.app.ui.desktop;

import dev.nearhand.app.cli.ExitCode;
import dev.nearhand.capture.DisplayWatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What happens when the display goes away under the windows: one sentence, the end of every session in order, and the
/// end of the process, which comes in any case. Any thread; it never waits for the FX thread, which may hang by then.
final class DisplayLoss {
    private static final String SENTENCE = "The connection to the X display is lost, so Nearhand has ended its sessions"
            + " and its windows are gone; start it again when the desktop is back.";
    /// How long sessions may take to say goodbye and to release what they hold.
    private static final Duration GOODBYE = Duration.ofSeconds(4);

    private final Map<Object, Runnable> sessions = new ConcurrentHashMap<>();

    /// Outside of X11, and without a display, nothing is watched.
    DisplayWatch watch() {
        boolean headless = System.getProperty("glass.platform", "").equals("Headless");
        return headless ? DisplayWatch.none() : DisplayWatch.start(this::endProcess);
    }

    /// @param close may wait
    void ends(Object session, Runnable close) {
        sessions.put(session, close);
    }

    void forget(Object session) {
        sessions.remove(session);
    }

    private void endProcess() {
        try {
            System.err.println(SENTENCE);
            System.err.flush();
            endSessions();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            DisplayWatch.endProcess(ExitCode.DISPLAY_LOST);
        }
    }

    private void endSessions() throws InterruptedException {
        List<Runnable> closes = List.copyOf(sessions.values());
        CountDownLatch open = new CountDownLatch(closes.size());
        for (Runnable close : closes) {
            Thread.ofPlatform().daemon().name("nearhand-goodbye").start(() -> {
                try {
                    close.run();
                } finally {
                    open.countDown();
                }
            });
        }
        open.await(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
