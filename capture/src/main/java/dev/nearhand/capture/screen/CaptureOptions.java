package dev.nearhand.capture.screen;

/// How to capture.
///
/// @param framesPerSecond at most so many frames a second, 1–240; a frame is never delayed by more than this interval
/// @param frames so many frames may be out of [ScreenCapture#next] and not yet closed, 2–8
public record CaptureOptions(int framesPerSecond, int frames) {
    public CaptureOptions {
        if (framesPerSecond < 1 || framesPerSecond > 240) {
            throw new IllegalArgumentException("framesPerSecond must be 1 to 240, not " + framesPerSecond);
        }
        if (frames < 2 || frames > 8) {
            throw new IllegalArgumentException("frames must be 2 to 8, not " + frames);
        }
    }

    /// 60 frames a second; one frame being captured, one waiting, one being encoded, one to spare.
    public static CaptureOptions defaults() {
        return new CaptureOptions(60, 4);
    }

    public CaptureOptions withFramesPerSecond(int limit) {
        return new CaptureOptions(limit, frames);
    }
}
