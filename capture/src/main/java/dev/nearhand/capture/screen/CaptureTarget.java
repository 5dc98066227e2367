package dev.nearhand.capture.screen;

/// What of the desktop a capture shows.
public sealed interface CaptureTarget {
    /// All monitors together, whatever they become.
    record WholeDesktop() implements CaptureTarget {}

    /// One monitor, found again by [Monitor#id()] after a mode change. When it vanishes the capture is
    /// [CaptureResult.Gone]: another monitor is never shown in its place, because nobody agreed to share that one.
    record OneMonitor(Monitor monitor) implements CaptureTarget {}
}
