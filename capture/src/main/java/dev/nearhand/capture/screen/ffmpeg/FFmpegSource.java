package dev.nearhand.capture.screen.ffmpeg;

import dev.nearhand.capture.screen.CaptureException;
import dev.nearhand.capture.screen.CaptureOptions;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.CursorSource;
import dev.nearhand.capture.screen.Monitor;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenCapture;
import dev.nearhand.capture.screen.ScreenSource;
import java.util.List;
import java.util.Optional;

/// The whole desktop as one monitor, through a grabber device of FFmpeg: x11grab, gdigrab or avfoundation. It does not
/// know single monitors, nor the cursor.
public final class FFmpegSource implements ScreenSource {
    private static final int MONITOR_ID = 1;

    private final GrabDevice device;
    private Rect known;

    private FFmpegSource(GrabDevice device) {
        ScreenProbe.load();
        this.device = device;
        this.known = size();
    }

    /// @param display the X11 display such as `:0`; other systems ignore it
    /// @throws CaptureException when there is no screen, or no grabber for it
    public static FFmpegSource open(String display) {
        return new FFmpegSource(GrabDevice.of(System.getProperty("os.name", ""), display));
    }

    @Override
    public String name() {
        return "FFmpeg " + device.format();
    }

    @Override
    public List<Monitor> monitors() {
        known = size();
        return List.of(new Monitor(MONITOR_ID, "desktop", known, true));
    }

    /// Opens the device, so it takes some milliseconds.
    @Override
    public boolean changed() {
        return ScreenProbe.size(device).map(now -> !now.equals(known)).orElse(false);
    }

    @Override
    public ScreenCapture open(CaptureTarget target, CaptureOptions options) {
        return new FFmpegCapture(device, size(), options);
    }

    @Override
    public Optional<CursorSource> openCursor() {
        return Optional.empty();
    }

    private Rect size() {
        return ScreenProbe.size(device)
                .orElseThrow(() -> new CaptureException("the screen " + device.url() + " cannot be grabbed by "
                        + device.format() + "; is there a desktop, and may this program record it?"));
    }

    @Override
    public void close() {}
}
