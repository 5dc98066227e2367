package dev.nearhand.capture;

import dev.nearhand.capture.screen.CaptureException;
import dev.nearhand.capture.screen.ScreenSource;
import dev.nearhand.capture.screen.ffmpeg.FFmpegSource;
import dev.nearhand.capture.screen.pattern.PatternSource;
import dev.nearhand.capture.screen.x11.X11ScreenSource;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one place to get a screen from.
public final class ScreenSources {
    /// The ways to a screen.
    public enum Kind {
        /// The best that works here; never the pattern, because nobody shares that by mistake.
        AUTO,
        X11,
        FFMPEG,
        PATTERN
    }

    private static final Logger LOG = LoggerFactory.getLogger(ScreenSources.class);
    private static final int PATTERN_WIDTH = 1280;
    private static final int PATTERN_HEIGHT = 720;

    private ScreenSources() {}

    /// @param display the X11 display such as `:0`; empty for that of the environment
    /// @throws CaptureException when there is no such screen
    public static ScreenSource open(Kind kind, String display) {
        return switch (kind) {
            case PATTERN -> pattern(PATTERN_WIDTH, PATTERN_HEIGHT, true);
            case X11 -> X11ScreenSource.open(named(display));
            case FFMPEG -> FFmpegSource.open(named(display));
            case AUTO -> onX11() ? x11OrFFmpeg(named(display)) : FFmpegSource.open("");
        };
    }

    /// X11 costs nothing while the screen is still, but wants extensions that a server may lack.
    private static ScreenSource x11OrFFmpeg(String display) {
        try {
            return X11ScreenSource.open(display);
        } catch (CaptureException failure) {
            LOG.info("the screen is captured by FFmpeg: {}", failure.getMessage());
            try {
                return FFmpegSource.open(display);
            } catch (CaptureException second) {
                failure.addSuppressed(second);
                throw failure;
            }
        }
    }

    /// The synthetic screen in a size of one's own.
    ///
    /// @param moves false for a picture that never changes
    public static ScreenSource pattern(int width, int height, boolean moves) {
        return new PatternSource(width, height, moves);
    }

    /// Whether a screen can be expected here at all; [Kind#AUTO] fails otherwise.
    ///
    /// @param display as in [#open]
    public static boolean displayExpected(String display) {
        return !onX11() || !fromEnvironment(display).isEmpty();
    }

    static boolean onX11() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return !os.startsWith("windows") && !os.startsWith("mac");
    }

    /// The display to use; on X11 there must be one.
    static String named(String display) {
        String name = fromEnvironment(display);
        if (onX11() && name.isEmpty()) {
            throw new CaptureException(
                    "there is no display (DISPLAY is not set); start it inside a desktop session, or "
                            + "use the test pattern");
        }
        return name;
    }

    private static String fromEnvironment(String display) {
        return display.isEmpty() ? System.getenv().getOrDefault("DISPLAY", "") : display;
    }
}
