package dev.nearhand.app.ui.video;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import javafx.scene.input.KeyCode;

/// From JavaFX's key codes to the names of physical keys that the control protocol carries (W3C UI Events
/// KeyboardEvent `code` values).
///
/// JavaFX reports what a key means in the local layout, not where it lies, so the name is that of the key which means
/// the same on a US keyboard. Keys that JavaFX cannot name are absent.
final class KeyNames {
    private static final Map<KeyCode, String> NAMES = new EnumMap<>(KeyCode.class);

    static {
        for (char letter = 'A'; letter <= 'Z'; letter++) {
            NAMES.put(KeyCode.valueOf(String.valueOf(letter)), "Key" + letter);
        }
        for (int digit = 0; digit <= 9; digit++) {
            NAMES.put(KeyCode.valueOf("DIGIT" + digit), "Digit" + digit);
            NAMES.put(KeyCode.valueOf("NUMPAD" + digit), "Numpad" + digit);
        }
        for (int function = 1; function <= 24; function++) {
            NAMES.put(KeyCode.valueOf("F" + function), "F" + function);
        }
        NAMES.putAll(Map.ofEntries(
                Map.entry(KeyCode.ENTER, "Enter"),
                Map.entry(KeyCode.TAB, "Tab"),
                Map.entry(KeyCode.BACK_SPACE, "Backspace"),
                Map.entry(KeyCode.ESCAPE, "Escape"),
                Map.entry(KeyCode.SPACE, "Space"),
                Map.entry(KeyCode.DELETE, "Delete"),
                Map.entry(KeyCode.INSERT, "Insert"),
                Map.entry(KeyCode.HOME, "Home"),
                Map.entry(KeyCode.END, "End"),
                Map.entry(KeyCode.PAGE_UP, "PageUp"),
                Map.entry(KeyCode.PAGE_DOWN, "PageDown"),
                Map.entry(KeyCode.UP, "ArrowUp"),
                Map.entry(KeyCode.DOWN, "ArrowDown"),
                Map.entry(KeyCode.LEFT, "ArrowLeft"),
                Map.entry(KeyCode.RIGHT, "ArrowRight"),
                Map.entry(KeyCode.KP_UP, "Numpad8"),
                Map.entry(KeyCode.KP_DOWN, "Numpad2"),
                Map.entry(KeyCode.KP_LEFT, "Numpad4"),
                Map.entry(KeyCode.KP_RIGHT, "Numpad6"),
                Map.entry(KeyCode.SHIFT, "ShiftLeft"),
                Map.entry(KeyCode.CONTROL, "ControlLeft"),
                Map.entry(KeyCode.ALT, "AltLeft"),
                Map.entry(KeyCode.ALT_GRAPH, "AltRight"),
                Map.entry(KeyCode.META, "MetaLeft"),
                Map.entry(KeyCode.WINDOWS, "MetaLeft"),
                Map.entry(KeyCode.COMMAND, "MetaLeft"),
                Map.entry(KeyCode.CONTEXT_MENU, "ContextMenu"),
                Map.entry(KeyCode.CAPS, "CapsLock"),
                Map.entry(KeyCode.NUM_LOCK, "NumLock"),
                Map.entry(KeyCode.SCROLL_LOCK, "ScrollLock"),
                Map.entry(KeyCode.PRINTSCREEN, "PrintScreen"),
                Map.entry(KeyCode.PAUSE, "Pause"),
                Map.entry(KeyCode.MINUS, "Minus"),
                Map.entry(KeyCode.EQUALS, "Equal"),
                Map.entry(KeyCode.OPEN_BRACKET, "BracketLeft"),
                Map.entry(KeyCode.CLOSE_BRACKET, "BracketRight"),
                Map.entry(KeyCode.BACK_SLASH, "Backslash"),
                Map.entry(KeyCode.SEMICOLON, "Semicolon"),
                Map.entry(KeyCode.QUOTE, "Quote"),
                Map.entry(KeyCode.BACK_QUOTE, "Backquote"),
                Map.entry(KeyCode.COMMA, "Comma"),
                Map.entry(KeyCode.PERIOD, "Period"),
                Map.entry(KeyCode.SLASH, "Slash"),
                Map.entry(KeyCode.ADD, "NumpadAdd"),
                Map.entry(KeyCode.SUBTRACT, "NumpadSubtract"),
                Map.entry(KeyCode.MULTIPLY, "NumpadMultiply"),
                Map.entry(KeyCode.DIVIDE, "NumpadDivide"),
                Map.entry(KeyCode.DECIMAL, "NumpadDecimal")));
    }

    private KeyNames() {}

    static Optional<String> of(KeyCode code) {
        return Optional.ofNullable(NAMES.get(code));
    }
}
