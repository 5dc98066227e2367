package dev.nearhand.capture.input.x11;

import dev.nearhand.capture.input.InputException;
import dev.nearhand.capture.x11.FakeInput;
import dev.nearhand.capture.x11.KeyboardMap;
import dev.nearhand.capture.x11.X11Display;
import java.util.Optional;

/// Types characters so that they arrive exactly: by their own key where the layout has one, else by a spare keycode.
///
/// The caller has released the modifiers that it holds. Caps Lock, which would change letters, is switched off for the
/// time of the text.
final class TextTyper {
    private static final int LOCK_MASK = 2;
    private static final int GROUP_SHIFT = 13;
    private static final int CORE_GROUPS = 2;

    private final X11Display display;
    private final FakeInput input;
    private final KeyboardMap map;
    private final SpareKeycodes spares;

    TextTyper(X11Display display, FakeInput input) {
        this.display = display;
        this.input = input;
        map = new KeyboardMap(display);
        spares = new SpareKeycodes(map);
    }

    private record Stroke(int keycode, boolean shift) {}

    void type(String text) {
        followMap();
        int state = display.pointer().map(X11Display.PointerPlace::modifiers).orElse(0);
        boolean capsLock = (state & LOCK_MASK) != 0;
        int group = state >> GROUP_SHIFT & 3;
        if (capsLock) {
            tap(capsLockKeycode());
        }
        text.codePoints().forEach(codePoint -> type(codePoint, group));
        if (capsLock) {
            tap(capsLockKeycode());
        }
        display.sync();
    }

    private void type(int codePoint, int group) {
        if (codePoint == '\n') {
            tap(Keycodes.known("Enter"));
        } else if (codePoint == '\t') {
            tap(Keycodes.known("Tab"));
        } else if (isTyped(codePoint)) {
            long keysym = Keysyms.of(codePoint);
            Optional<Stroke> own = find(keysym, group);
            if (own.isPresent()) {
                press(own.get());
            } else if (spares.isEmpty()) {
                throw new InputException("the keyboard map has no free place for a character; use another layout");
            } else {
                tap(spares.keycode(keysym));
            }
        }
    }

    private static boolean isTyped(int codePoint) {
        return !Character.isISOControl(codePoint) && Character.getType(codePoint) != Character.SURROGATE;
    }

    /// The key of the layout that produces it, alone or with Shift.
    private Optional<Stroke> find(long keysym, int group) {
        if (group >= CORE_GROUPS) {
            return Optional.empty();
        }
        for (int level = 0; level < 2; level++) {
            for (int keycode = map.firstKeycode(); keycode <= map.lastKeycode(); keycode++) {
                if (map.keysym(keycode, group * 2 + level) == keysym && !spares.holds(keycode)) {
                    return Optional.of(new Stroke(keycode, level == 1));
                }
            }
        }
        return Optional.empty();
    }

    private void press(Stroke stroke) {
        if (stroke.shift()) {
            int shift = shiftKeycode();
            input.key(shift, true);
            tap(stroke.keycode());
            input.key(shift, false);
        } else {
            tap(stroke.keycode());
        }
    }

    private void tap(int keycode) {
        input.key(keycode, true);
        input.key(keycode, false);
    }

    private int shiftKeycode() {
        return keycodeOf(Keysyms.SHIFT_LEFT, "ShiftLeft");
    }

    private int capsLockKeycode() {
        return keycodeOf(Keysyms.CAPS_LOCK, "CapsLock");
    }

    private int keycodeOf(long keysym, String code) {
        for (int keycode = map.firstKeycode(); keycode <= map.lastKeycode(); keycode++) {
            if (map.keysym(keycode, 0) == keysym) {
                return keycode;
            }
        }
        return Keycodes.known(code);
    }

    /// The map may be another one since the last text. A new layout (`setxkbmap`) sends no event to a client like this
    /// one, so the map is read each time; that costs a fraction of a millisecond.
    private void followMap() {
        display.discardEvents();
        map.read();
        spares.verify();
    }

    void restoreMap() {
        spares.restore();
        display.sync();
    }
}
