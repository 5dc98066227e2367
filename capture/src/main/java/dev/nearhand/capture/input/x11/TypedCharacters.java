package dev.nearhand.capture.input.x11;

import dev.nearhand.capture.x11.KeyboardMap;
import dev.nearhand.capture.x11.X11Display;

/// Finds out which character beyond the basic plane was typed, when a toolkit reports only its lower 16 bits.
///
/// JavaFX on X11 delivers U+1F600 as U+F600: it cuts the character of a keysym to one `char`. The keyboard map still
/// knows the whole keysym, so the map is searched for one that could have been cut to what was reported. Answers the
/// reported character itself where the map has that one, or nothing that fits. One thread.
public final class TypedCharacters implements AutoCloseable {
    private static final long UNICODE = 0x01000000;

    private final X11Display display;
    private final KeyboardMap map;

    private TypedCharacters(X11Display display) {
        this.display = display;
        this.map = new KeyboardMap(display);
    }

    /// @param name of the display where the person types, such as `:0`
    /// @throws dev.nearhand.capture.x11.X11Exception when there is no such display
    public static TypedCharacters open(String name) {
        return new TypedCharacters(X11Display.open(name));
    }

    /// The code point that was typed.
    ///
    /// @param reported what the toolkit says
    /// @throws dev.nearhand.capture.x11.X11Exception when the display has gone
    public int codePoint(char reported) {
        map.read(); // programs that type characters change the map for each of them
        int whole = reported;
        for (int keycode = map.firstKeycode(); keycode <= map.lastKeycode(); keycode++) {
            for (int column = 0; column < map.columns(); column++) {
                long keysym = map.keysym(keycode, column);
                if (keysym == Keysyms.of(reported)) {
                    return reported;
                }
                long codePoint = keysym - UNICODE;
                if (Character.isSupplementaryCodePoint(Math.clamp(codePoint, 0, Integer.MAX_VALUE))
                        && (char) codePoint == reported) {
                    whole = (int) codePoint;
                }
            }
        }
        return whole;
    }

    @Override
    public void close() {
        display.close();
    }
}
