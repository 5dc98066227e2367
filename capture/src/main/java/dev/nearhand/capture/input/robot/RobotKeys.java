package dev.nearhand.capture.input.robot;

import java.awt.event.KeyEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// `KeyboardEvent.code` values as AWT's virtual keys, and the keys of a US keyboard that type a character.
final class RobotKeys {
    /// @param shift whether Shift is held for it
    record Stroke(int key, boolean shift) {}

    private static final Map<String, Integer> BY_CODE = byCode();
    private static final Map<Character, Stroke> BY_CHARACTER = byCharacter();

    private RobotKeys() {}

    static OptionalInt ofCode(String code) {
        Integer key = BY_CODE.get(code);
        return key == null ? OptionalInt.empty() : OptionalInt.of(key);
    }

    /// @return empty when no key types it
    static Optional<Stroke> ofCharacter(char character) {
        return Optional.ofNullable(BY_CHARACTER.get(character));
    }

    private static Map<String, Integer> byCode() {
        Map<String, Integer> keys = new HashMap<>();
        for (char letter = 'A'; letter <= 'Z'; letter++) {
            keys.put("Key" + letter, KeyEvent.VK_A + letter - 'A');
        }
        for (int digit = 0; digit <= 9; digit++) {
            keys.put("Digit" + digit, KeyEvent.VK_0 + digit);
            keys.put("Numpad" + digit, KeyEvent.VK_NUMPAD0 + digit);
        }
        for (int number = 1; number <= 12; number++) {
            keys.put("F" + number, KeyEvent.VK_F1 + number - 1);
        }
        for (int number = 13; number <= 24; number++) {
            keys.put("F" + number, KeyEvent.VK_F13 + number - 13);
        }
        keys.putAll(Map.ofEntries(
                Map.entry("Enter", KeyEvent.VK_ENTER),
                Map.entry("Escape", KeyEvent.VK_ESCAPE),
                Map.entry("Backspace", KeyEvent.VK_BACK_SPACE),
                Map.entry("Tab", KeyEvent.VK_TAB),
                Map.entry("Space", KeyEvent.VK_SPACE),
                Map.entry("Minus", KeyEvent.VK_MINUS),
                Map.entry("Equal", KeyEvent.VK_EQUALS),
                Map.entry("BracketLeft", KeyEvent.VK_OPEN_BRACKET),
                Map.entry("BracketRight", KeyEvent.VK_CLOSE_BRACKET),
                Map.entry("Backslash", KeyEvent.VK_BACK_SLASH),
                Map.entry("Semicolon", KeyEvent.VK_SEMICOLON),
                Map.entry("Quote", KeyEvent.VK_QUOTE),
                Map.entry("Backquote", KeyEvent.VK_BACK_QUOTE),
                Map.entry("Comma", KeyEvent.VK_COMMA),
                Map.entry("Period", KeyEvent.VK_PERIOD),
                Map.entry("Slash", KeyEvent.VK_SLASH),
                Map.entry("IntlBackslash", KeyEvent.VK_LESS)));
        keys.putAll(Map.ofEntries(
                Map.entry("ShiftLeft", KeyEvent.VK_SHIFT),
                Map.entry("ShiftRight", KeyEvent.VK_SHIFT),
                Map.entry("ControlLeft", KeyEvent.VK_CONTROL),
                Map.entry("ControlRight", KeyEvent.VK_CONTROL),
                Map.entry("AltLeft", KeyEvent.VK_ALT),
                Map.entry("AltRight", KeyEvent.VK_ALT_GRAPH),
                Map.entry("MetaLeft", KeyEvent.VK_META),
                Map.entry("MetaRight", KeyEvent.VK_META),
                Map.entry("CapsLock", KeyEvent.VK_CAPS_LOCK),
                Map.entry("NumLock", KeyEvent.VK_NUM_LOCK),
                Map.entry("ScrollLock", KeyEvent.VK_SCROLL_LOCK),
                Map.entry("ContextMenu", KeyEvent.VK_CONTEXT_MENU),
                Map.entry("PrintScreen", KeyEvent.VK_PRINTSCREEN),
                Map.entry("Pause", KeyEvent.VK_PAUSE),
                Map.entry("Insert", KeyEvent.VK_INSERT),
                Map.entry("Delete", KeyEvent.VK_DELETE),
                Map.entry("Home", KeyEvent.VK_HOME),
                Map.entry("End", KeyEvent.VK_END),
                Map.entry("PageUp", KeyEvent.VK_PAGE_UP),
                Map.entry("PageDown", KeyEvent.VK_PAGE_DOWN),
                Map.entry("ArrowLeft", KeyEvent.VK_LEFT),
                Map.entry("ArrowRight", KeyEvent.VK_RIGHT),
                Map.entry("ArrowUp", KeyEvent.VK_UP),
                Map.entry("ArrowDown", KeyEvent.VK_DOWN)));
        keys.putAll(Map.of(
                "NumpadAdd", KeyEvent.VK_ADD,
                "NumpadSubtract", KeyEvent.VK_SUBTRACT,
                "NumpadMultiply", KeyEvent.VK_MULTIPLY,
                "NumpadDivide", KeyEvent.VK_DIVIDE,
                "NumpadDecimal", KeyEvent.VK_DECIMAL,
                "NumpadEnter", KeyEvent.VK_ENTER));
        return Map.copyOf(keys);
    }

    private static Map<Character, Stroke> byCharacter() {
        Map<Character, Stroke> strokes = new HashMap<>();
        for (char letter = 'a'; letter <= 'z'; letter++) {
            int key = KeyEvent.VK_A + letter - 'a';
            strokes.put(letter, new Stroke(key, false));
            strokes.put(Character.toUpperCase(letter), new Stroke(key, true));
        }
        String plain = "0123456789-=[]\\;'`,./";
        String shifted = ")!@#$%^&*(_+{}|:\"~<>?";
        int[] keys = {
            KeyEvent.VK_0,
            KeyEvent.VK_1,
            KeyEvent.VK_2,
            KeyEvent.VK_3,
            KeyEvent.VK_4,
            KeyEvent.VK_5,
            KeyEvent.VK_6,
            KeyEvent.VK_7,
            KeyEvent.VK_8,
            KeyEvent.VK_9,
            KeyEvent.VK_MINUS,
            KeyEvent.VK_EQUALS,
            KeyEvent.VK_OPEN_BRACKET,
            KeyEvent.VK_CLOSE_BRACKET,
            KeyEvent.VK_BACK_SLASH,
            KeyEvent.VK_SEMICOLON,
            KeyEvent.VK_QUOTE,
            KeyEvent.VK_BACK_QUOTE,
            KeyEvent.VK_COMMA,
            KeyEvent.VK_PERIOD,
            KeyEvent.VK_SLASH
        };
        for (int index = 0; index < keys.length; index++) {
            strokes.put(plain.charAt(index), new Stroke(keys[index], false));
            strokes.put(shifted.charAt(index), new Stroke(keys[index], true));
        }
        strokes.put(' ', new Stroke(KeyEvent.VK_SPACE, false));
        strokes.put('\n', new Stroke(KeyEvent.VK_ENTER, false));
        strokes.put('\t', new Stroke(KeyEvent.VK_TAB, false));
        return Map.copyOf(strokes);
    }
}
