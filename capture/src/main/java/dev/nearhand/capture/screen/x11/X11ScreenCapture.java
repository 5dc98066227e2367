package dev.nearhand.capture.screen.x11;

import dev.nearhand.capture.screen.CaptureException;
import dev.nearhand.capture.screen.CaptureOptions;
import dev.nearhand.capture.screen.CaptureResult;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.Monitor;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenCapture;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.x11.Area;
import dev.nearhand.capture.x11.DamageMonitor;
import dev.nearhand.capture.x11.MonitorWatch;
import dev.nearhand.capture.x11.X11Display;
import dev.nearhand.capture.x11.X11Exception;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Captures the root window, or the part of it that a monitor shows, when XDAMAGE says that something was drawn.
///
/// Between changes the thread sleeps in `poll(2)`; after one it reads the changed rows only. Every failure of the
/// connection is `Gone`. It has a connection of its own.
final class X11ScreenCapture implements ScreenCapture {
    private static final Logger LOG = LoggerFactory.getLogger(X11ScreenCapture.class);
    private static final long MILLION = 1_000_000;

    /// So often in a row may the server refuse to be read although nothing about its screen has changed.
    private static final int REFUSAL_LIMIT = 20;

    private final CaptureTarget target;
    private final CaptureOptions options;
    private final X11Display display;
    private final MonitorWatch monitors;
    private final DamageMonitor damage;
    private final long intervalNanos;
    // next() holds it while it runs; close() takes it before it frees anything
    private final ReentrantLock running = new ReentrantLock();
    private final ChangedRects changed = new ChangedRects();
    private FrameSlots slots;
    private volatile Rect area;
    private boolean damaged;
    private boolean screenChanged;
    private long lastFrameNanos;
    private int refusals;
    private volatile boolean closing;
    private CaptureResult.@Nullable Gone gone;

    X11ScreenCapture(String displayName, CaptureTarget target, CaptureOptions options) {
        this.target = target;
        this.options = options;
        intervalNanos = 1_000_000_000L / options.framesPerSecond();
        lastFrameNanos = System.nanoTime() - intervalNanos;
        display = X11Display.open(displayName);
        try {
            monitors = new MonitorWatch(display);
            damage = new DamageMonitor(display);
            X11Display.RootWindow root = display.rootWindow();
            area = place(root)
                    .orElseThrow(() -> new CaptureException(
                            "the monitor to share is not connected any more;" + " choose another one"));
            slots = new FrameSlots(display, root, area, options.frames());
            refresh();
        } catch (RuntimeException failure) {
            display.close();
            throw failure;
        }
    }

    @Override
    public int width() {
        return area.width();
    }

    @Override
    public int height() {
        return area.height();
    }

    @Override
    public void refresh() {
        Rect picture = picture();
        changed.add(picture, picture);
    }

    @Override
    public CaptureResult next(Duration timeout) {
        running.lock();
        try {
            if (gone != null) {
                return gone;
            }
            if (closing) {
                return new CaptureResult.Gone("the capture was closed");
            }
            return awaitResult(System.nanoTime() + timeout.toNanos());
        } catch (X11Exception failure) {
            return gone(failure.reason());
        } finally {
            running.unlock();
        }
    }

    private CaptureResult awaitResult(long deadline) {
        while (true) {
            drainEvents();
            if (screenChanged) {
                screenChanged = false;
                Optional<CaptureResult> news = followScreen();
                if (news.isPresent()) {
                    return news.get();
                }
            }
            if (damaged || !changed.isEmpty()) {
                Optional<CaptureResult> frame = frame(deadline);
                if (frame.isPresent()) {
                    return frame.get();
                }
            }
            long left = deadline - System.nanoTime();
            if (left <= 0 || closing) {
                return new CaptureResult.Unchanged();
            }
            if (!screenChanged) {
                display.awaitEvents((int) Math.min(Integer.MAX_VALUE, (left + MILLION - 1) / MILLION));
            }
        }
    }

    private void drainEvents() {
        for (int type = display.pollEvent(); type != 0; type = display.pollEvent()) {
            if (type == damage.eventType()) {
                damaged = true;
            } else if (monitors.concerns(type)) {
                screenChanged = true;
            }
        }
    }

    /// The next frame, if one is due before the deadline and there is anything in it.
    private Optional<CaptureResult> frame(long deadline) {
        long due = lastFrameNanos + intervalNanos;
        if (due > deadline) {
            LockSupport.parkNanos(Math.max(0, deadline - System.nanoTime()));
            return Optional.of(new CaptureResult.Unchanged());
        }
        for (long now = System.nanoTime(); now < due && !closing; now = System.nanoTime()) {
            LockSupport.parkNanos(due - now);
        }
        if (!slots.awaitFree(Math.max(0, deadline - System.nanoTime()))) {
            return Optional.of(new CaptureResult.Unchanged());
        }
        takeDamage();
        if (changed.isEmpty()) {
            return Optional.empty();
        }
        Optional<ScreenFrame> frame = slots.read(changed.rects());
        if (frame.isEmpty()) {
            return refused();
        }
        refusals = 0;
        changed.clear();
        lastFrameNanos = frame.get().captureNanos();
        return Optional.of(new CaptureResult.Frame(frame.get()));
    }

    private void takeDamage() {
        if (!damaged) {
            return;
        }
        // before the pixels are read: what is drawn in between is then in this frame and in the next one
        damaged = false;
        Rect picture = picture();
        for (Area part : damage.take()) {
            Rect rect = new Rect(part.x() - area.x(), part.y() - area.y(), part.width(), part.height());
            changed.add(rect, picture);
            Rect visible = rect.intersection(picture);
            if (!visible.isEmpty()) {
                slots.changed(visible.y(), visible.bottom());
            }
        }
    }

    /// The server does not let us read: as a rule the screen has just become smaller, and the event is on its way.
    private Optional<CaptureResult> refused() {
        refusals++;
        if (refusals > REFUSAL_LIMIT) {
            return Optional.of(gone("the X server does not let the screen be read"));
        }
        screenChanged = true;
        return Optional.empty();
    }

    private Optional<CaptureResult> followScreen() {
        X11Display.RootWindow root = display.rootWindow();
        Optional<Rect> place = place(root);
        if (place.isEmpty()) {
            return Optional.of(gone("the shared monitor was disconnected"));
        }
        Rect before = area;
        if (place.get().equals(before)) {
            return Optional.empty();
        }
        area = place.get();
        slots.retire();
        slots = new FrameSlots(display, root, area, options.frames());
        changed.clear();
        refresh();
        if (area.width() == before.width() && area.height() == before.height()) {
            return Optional.empty();
        }
        LOG.info(
                "The captured screen is {}x{} now, it was {}x{}",
                area.width(),
                area.height(),
                before.width(),
                before.height());
        return Optional.of(new CaptureResult.Reinit("the screen was resized", area.width(), area.height()));
    }

    /// Where on the root window the target is now; empty when its monitor is not connected.
    private Optional<Rect> place(X11Display.RootWindow root) {
        Rect desktop = Rect.ofSize(root.width(), root.height());
        return switch (target) {
            case CaptureTarget.WholeDesktop() -> Optional.of(desktop);
            case CaptureTarget.OneMonitor(Monitor wanted) ->
                X11ScreenSource.monitors(monitors, root).stream()
                        .filter(monitor -> monitor.id() == wanted.id())
                        .map(monitor -> monitor.bounds().intersection(desktop))
                        .filter(bounds -> !bounds.isEmpty())
                        .findFirst();
        };
    }

    private Rect picture() {
        return Rect.ofSize(area.width(), area.height());
    }

    private CaptureResult.Gone gone(String reason) {
        LOG.info("The screen can no longer be captured: {}", reason);
        CaptureResult.Gone result = new CaptureResult.Gone(reason);
        gone = result;
        return result;
    }

    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        display.wake();
        running.lock();
        try {
            slots.retire();
            display.close();
        } finally {
            running.unlock();
        }
    }
}
