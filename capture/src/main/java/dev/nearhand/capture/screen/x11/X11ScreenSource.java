package dev.nearhand.capture.screen.x11;

import dev.nearhand.capture.screen.CaptureException;
import dev.nearhand.capture.screen.CaptureOptions;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.CursorSource;
import dev.nearhand.capture.screen.Monitor;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenCapture;
import dev.nearhand.capture.screen.ScreenSource;
import dev.nearhand.capture.x11.Area;
import dev.nearhand.capture.x11.DamageMonitor;
import dev.nearhand.capture.x11.MonitorWatch;
import dev.nearhand.capture.x11.ShmImage;
import dev.nearhand.capture.x11.X11Display;
import dev.nearhand.capture.x11.X11Exception;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The desktop of an X server, with a connection of its own for questions about monitors.
public final class X11ScreenSource implements ScreenSource {
    private final X11Display display;
    private final MonitorWatch watch;
    private boolean changed = true;

    private X11ScreenSource(X11Display display) {
        this.display = display;
        watch = new MonitorWatch(display);
    }

    /// @param displayName such as `:0`; empty for the value of `DISPLAY`
    /// @throws CaptureException when there is no such display, it cannot be captured, or a library is missing
    public static X11ScreenSource open(String displayName) {
        try {
            probe(displayName);
            X11Display display = X11Display.open(displayName);
            try {
                return new X11ScreenSource(display);
            } catch (X11Exception failure) {
                display.close();
                throw failure;
            }
        } catch (X11Exception failure) {
            throw failed(failure);
        }
    }

    /// Finds out now whether the server has what a capture needs, so that another way to the screen can be taken.
    private static void probe(String displayName) {
        try (X11Display display = X11Display.open(displayName)) {
            ShmImage image = new ShmImage(display, display.rootWindow(), 1, 1);
            image.detach();
            image.unmap();
            new DamageMonitor(display).take();
        }
    }

    @Override
    public String name() {
        return "X11 " + display.name();
    }

    @Override
    public List<Monitor> monitors() {
        try {
            drainEvents();
            changed = false;
            return monitors(watch, display.rootWindow());
        } catch (X11Exception failure) {
            throw failed(failure);
        }
    }

    @Override
    public boolean changed() {
        try {
            drainEvents();
            return changed;
        } catch (X11Exception failure) {
            throw failed(failure);
        }
    }

    private void drainEvents() {
        for (int type = display.pollEvent(); type != 0; type = display.pollEvent()) {
            changed |= watch.concerns(type);
        }
    }

    /// What is connected, the primary monitor first; the root window as one monitor when nothing is.
    static List<Monitor> monitors(MonitorWatch watch, X11Display.RootWindow root) {
        List<Monitor> connected = watch.monitors().stream()
                .map(output -> new Monitor((int) output.atom(), output.name(), rect(output.area()), output.primary()))
                .sorted(Comparator.comparing(monitor -> !monitor.primary()))
                .toList();
        return connected.isEmpty()
                ? List.of(new Monitor(0, "desktop", Rect.ofSize(root.width(), root.height()), true))
                : connected;
    }

    private static Rect rect(Area area) {
        return new Rect(area.x(), area.y(), area.width(), area.height());
    }

    @Override
    public ScreenCapture open(CaptureTarget target, CaptureOptions options) {
        try {
            return new X11ScreenCapture(display.name(), target, options);
        } catch (X11Exception failure) {
            throw failed(failure);
        }
    }

    @Override
    public Optional<CursorSource> openCursor() {
        try {
            return Optional.of(new X11CursorSource(display.name()));
        } catch (X11Exception failure) {
            throw failed(failure);
        }
    }

    static CaptureException failed(X11Exception failure) {
        return new CaptureException(failure.reason(), failure);
    }

    @Override
    public void close() {
        display.close();
    }
}
