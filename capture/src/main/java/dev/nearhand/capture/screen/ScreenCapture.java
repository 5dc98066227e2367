package dev.nearhand.capture.screen;

import java.time.Duration;

/// Frames of one [CaptureTarget], taken when something changed. The cursor is never in them, see [CursorSource].
///
/// One thread at a time; only [#close()] may come from another one, and it waits until a running [#next] ended.
public interface ScreenCapture extends AutoCloseable {
    /// The width of the next frame as far as known, in pixels.
    int width();

    int height();

    /// Waits until something changed, or until the timeout. The first frame comes at once, all of it changed.
    ///
    /// When as many frames are out as [CaptureOptions#frames()] allows, it waits for one to be closed, and answers
    /// `Unchanged` at the timeout; the changes are then in the next frame.
    CaptureResult next(Duration timeout);

    /// The next frame will be a whole one, even when nothing changed.
    void refresh();

    /// Releases the capture. Frames that are still out stay readable until they are closed.
    @Override
    void close();
}
