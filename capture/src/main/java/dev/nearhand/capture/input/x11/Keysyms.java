package dev.nearhand.capture.input.x11;

/// The keysym of a character, as in appendix A of the X11 protocol
/// (<https://www.x.org/releases/current/doc/xproto/x11protocol.html#keysym_encoding>).
final class Keysyms {
    static final long CAPS_LOCK = 0xFFE5;
    static final long SHIFT_LEFT = 0xFFE1;

    private static final long UNICODE = 0x01000000;

    private Keysyms() {}

    /// Latin-1 characters are their own keysym, all others are their code point plus 0x01000000.
    static long of(int codePoint) {
        boolean latin1 = codePoint >= 0x20 && codePoint <= 0x7E || codePoint >= 0xA0 && codePoint <= 0xFF;
        return latin1 ? codePoint : UNICODE + codePoint;
    }

    static boolean isCharacter(long keysym) {
        return keysym >= 0x20 && keysym <= 0xFF || keysym >= UNICODE && keysym <= UNICODE + Character.MAX_CODE_POINT;
    }
}
