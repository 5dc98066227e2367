package dev.nearhand.capture.screen;

import java.util.List;
import java.util.Optional;

/// A desktop that can be captured: its monitors, and the way to their pictures and to the cursor.
///
/// One thread at a time. What it opens lives on its own and outlives it.
public interface ScreenSource extends AutoCloseable {
    /// For a person and a log line: `X11 :0`, `test pattern`.
    String name();

    /// The monitors now, the primary one first; never empty. A desktop without a connected monitor is one monitor.
    List<Monitor> monitors();

    /// Whether the monitors may differ from those last returned by [#monitors()]. Cheap enough to ask every second.
    boolean changed();

    /// @throws CaptureException when the system does not let us
    ScreenCapture open(CaptureTarget target, CaptureOptions options);

    /// The cursor in desktop coordinates; empty where the platform draws it into the picture or does not tell.
    ///
    /// @throws CaptureException when the system does not let us
    Optional<CursorSource> openCursor();

    @Override
    void close();
}
