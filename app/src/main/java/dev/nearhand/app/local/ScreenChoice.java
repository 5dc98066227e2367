package dev.nearhand.app.local;

/// Which screen to share.
///
/// @param display the platform's name of it, such as `:1`; empty means the one that this program runs on
/// @param width of the pattern; ignored for real screens
public record ScreenChoice(Kind kind, String display, int width, int height) {
    /// How pictures of it are taken.
    public enum Kind {
        /// The best way to the real screen; never the pattern, because nobody shares that by mistake.
        AUTO,
        X11,
        FFMPEG,
        /// A synthetic screen, for machines without a display.
        PATTERN
    }

    /// The screen that this program runs on.
    public static ScreenChoice auto() {
        return new ScreenChoice(Kind.AUTO, "", 1280, 720);
    }
}
