package dev.nearhand.capture.input;

/// One thing a person does with pointer or keyboard.
public sealed interface InputEvent {
    /// The pointer goes to this place of the desktop, in pixels; places outside are moved to its edge.
    record PointerMove(int x, int y) implements InputEvent {}

    /// @param button 1 left, 2 middle, 3 right, 4 back, 5 forward, up to [#BUTTON_LIMIT]. The wheel is not a button.
    record PointerButton(int button, boolean down) implements InputEvent {
        public static final int BUTTON_LIMIT = 5;

        public PointerButton {
            if (button < 1 || button > BUTTON_LIMIT) {
                throw new IllegalArgumentException("button must be 1 to " + BUTTON_LIMIT + ", not " + button);
            }
        }
    }

    /// A turn of the wheel in notches, fractions add up.
    ///
    /// @param dx to the right, negative to the left, at most [#NOTCH_LIMIT] either way
    /// @param dy down (towards the person), negative up
    record Wheel(double dx, double dy) implements InputEvent {
        public static final double NOTCH_LIMIT = 100;

        public Wheel {
            if (!(Math.abs(dx) <= NOTCH_LIMIT) || !(Math.abs(dy) <= NOTCH_LIMIT)) {
                throw new IllegalArgumentException("a wheel turn of " + dx + ", " + dy + " notches");
            }
        }
    }

    /// A physical key, named by its place on the keyboard and not by what is printed on it.
    ///
    /// @param code a `KeyboardEvent.code` value of <https://www.w3.org/TR/uievents-code/>: `KeyA`,
    ///     `ShiftLeft`, `Digit1`. An unknown one is ignored.
    record Key(String code, boolean down) implements InputEvent {}

    /// These characters arrive in the focused program, whatever the keyboard layout and whatever keys are held.
    /// A line feed is the Return key, a tab is the Tab key; other control characters are left out.
    record Text(String text) implements InputEvent {
        /// Characters (UTF-16) in one event; a longer text comes in pieces.
        public static final int LENGTH_LIMIT = 4096;

        public Text {
            if (text.length() > LENGTH_LIMIT) {
                throw new IllegalArgumentException("a text of " + text.length() + " characters");
            }
        }
    }
}
