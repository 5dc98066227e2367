package dev.nearhand.capture.screen;

/// What [ScreenCapture#next] found. None of these is an error.
public sealed interface CaptureResult {
    /// Something changed. The receiver closes the frame.
    record Frame(ScreenFrame frame) implements CaptureResult {}

    /// Nothing changed until the timeout.
    record Unchanged() implements CaptureResult {}

    /// The picture has another size from now on; the capture goes on, and the next frame is a whole one of this size.
    ///
    /// @param reason for a log line and a person: `the screen was resized`
    record Reinit(String reason, int width, int height) implements CaptureResult {}

    /// There is nothing to capture any more: monitor unplugged, session ended. Every further call answers the same.
    record Gone(String reason) implements CaptureResult {}
}
