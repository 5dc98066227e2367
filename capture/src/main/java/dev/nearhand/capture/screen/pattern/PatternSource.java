package dev.nearhand.capture.screen.pattern;

import dev.nearhand.capture.screen.CaptureOptions;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.CursorSource;
import dev.nearhand.capture.screen.Monitor;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenCapture;
import dev.nearhand.capture.screen.ScreenSource;
import java.util.List;
import java.util.Optional;

/// A desktop of one monitor that shows [PatternPicture]. Works on every machine.
public final class PatternSource implements ScreenSource {
    /// No side is longer, in pixels.
    public static final int SIDE_LIMIT = 8192;

    private final Monitor monitor;
    private final boolean moves;

    /// @param moves false: the same picture for ever, and so no change after the first frame
    public PatternSource(int width, int height, boolean moves) {
        if (width < 1 || height < 1 || width > SIDE_LIMIT || height > SIDE_LIMIT) {
            throw new IllegalArgumentException("no test pattern of " + width + "x" + height);
        }
        this.monitor = new Monitor(1, "pattern", Rect.ofSize(width, height), true);
        this.moves = moves;
    }

    @Override
    public String name() {
        return "test pattern";
    }

    @Override
    public List<Monitor> monitors() {
        return List.of(monitor);
    }

    @Override
    public boolean changed() {
        return false;
    }

    @Override
    public ScreenCapture open(CaptureTarget target, CaptureOptions options) {
        return new PatternCapture(monitor.bounds().width(), monitor.bounds().height(), moves, options);
    }

    /// Nobody points at a pattern.
    @Override
    public Optional<CursorSource> openCursor() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
