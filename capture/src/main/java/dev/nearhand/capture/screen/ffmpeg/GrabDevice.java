package dev.nearhand.capture.screen.ffmpeg;

import java.util.Locale;
import java.util.Map;

/// A screen grabber of FFmpeg as data.
///
/// @param format FFmpeg's name of the device
/// @param url what it shall grab
/// @param options such that it draws no cursor and answers BGRx
record GrabDevice(String format, String url, Map<String, String> options) {
    GrabDevice {
        options = Map.copyOf(options);
    }

    /// @param display such as `:0`
    static GrabDevice x11(String display) {
        return new GrabDevice("x11grab", display, Map.of("draw_mouse", "0"));
    }

    static GrabDevice windows() {
        return new GrabDevice("gdigrab", "desktop", Map.of("draw_mouse", "0"));
    }

    static GrabDevice macos() {
        return new GrabDevice(
                "avfoundation", "Capture screen 0:none", Map.of("capture_cursor", "0", "pixel_format", "bgr0"));
    }

    /// The grabber of the system that we run on.
    ///
    /// @param osName the system property `os.name`
    static GrabDevice of(String osName, String display) {
        String os = osName.toLowerCase(Locale.ROOT);
        if (os.startsWith("windows")) {
            return windows();
        }
        return os.contains("mac") ? macos() : x11(display);
    }
}
