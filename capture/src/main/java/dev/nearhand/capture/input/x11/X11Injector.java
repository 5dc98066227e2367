package dev.nearhand.capture.input.x11;

import dev.nearhand.capture.input.InputEvent;
import dev.nearhand.capture.input.InputException;
import dev.nearhand.capture.input.InputInjector;
import dev.nearhand.capture.x11.FakeInput;
import dev.nearhand.capture.x11.X11Display;
import dev.nearhand.capture.x11.X11Exception;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// Input through XTEST, with a connection of its own.
///
/// A key that is held repeats by the X server's own settings, so a second press of a held key is left out. Keys are
/// physical places: what they produce is up to the layout of this machine. Text is independent of it.
public final class X11Injector implements InputInjector {
    private static final Set<String> MODIFIERS = Set.of(
            "ShiftLeft", "ShiftRight", "ControlLeft", "ControlRight", "AltLeft", "AltRight", "MetaLeft", "MetaRight");

    private static final int WHEEL_UP = 4;
    private static final int WHEEL_DOWN = 5;
    private static final int WHEEL_LEFT = 6;
    private static final int WHEEL_RIGHT = 7;

    private final X11Display display;
    private final FakeInput input;
    private final TextTyper typer;
    // at most one entry for each key of the table and each button
    private final LinkedHashSet<InputEvent> held = new LinkedHashSet<>();
    private double pendingX;
    private double pendingY;
    private boolean closed;

    private X11Injector(X11Display display) {
        this.display = display;
        input = new FakeInput(display);
        typer = new TextTyper(display, input);
    }

    /// @param displayName such as `:0`; empty for the value of `DISPLAY`
    /// @throws InputException when there is no such display, or it takes no input, or a library is missing
    public static X11Injector open(String displayName) {
        try {
            X11Display display = X11Display.open(displayName);
            try {
                return new X11Injector(display);
            } catch (X11Exception failure) {
                display.close();
                throw failure;
            }
        } catch (X11Exception failure) {
            throw new InputException(failure.reason(), failure);
        }
    }

    @Override
    public void inject(InputEvent event) {
        try {
            switch (event) {
                case InputEvent.PointerMove(int x, int y) -> input.motion(x, y);
                case InputEvent.PointerButton button -> press(button);
                case InputEvent.Wheel(double dx, double dy) -> turn(dx, dy);
                case InputEvent.Key key -> press(key);
                case InputEvent.Text(String text) -> type(text);
            }
            display.sync();
        } catch (X11Exception failure) {
            throw new InputException(failure.reason(), failure);
        }
    }

    private void press(InputEvent.PointerButton event) {
        if (becomes(event.down(), new InputEvent.PointerButton(event.button(), true))) {
            input.button(xButton(event.button()), event.down());
        }
    }

    private void press(InputEvent.Key event) {
        OptionalInt keycode = Keycodes.of(event.code());
        if (keycode.isPresent() && becomes(event.down(), new InputEvent.Key(event.code(), true))) {
            input.key(keycode.getAsInt(), event.down());
        }
    }

    /// Notes a press or a release; false when that is how it was before.
    private boolean becomes(boolean down, InputEvent press) {
        return down ? held.add(press) : held.remove(press);
    }

    /// X counts the wheel as buttons 4 to 7, so back and forward are 8 and 9.
    private static int xButton(int button) {
        return button <= 3 ? button : button + 4;
    }

    private void turn(double dx, double dy) {
        pendingX += dx;
        pendingY += dy;
        pendingX -= click(pendingX, WHEEL_LEFT, WHEEL_RIGHT);
        pendingY -= click(pendingY, WHEEL_UP, WHEEL_DOWN);
    }

    /// Clicks once for each whole notch, and returns how many it were.
    private int click(double notches, int negativeButton, int positiveButton) {
        int whole = (int) notches;
        int button = whole < 0 ? negativeButton : positiveButton;
        for (int i = 0; i < Math.abs(whole); i++) {
            input.button(button, true);
            input.button(button, false);
        }
        return whole;
    }

    /// Held keys would turn the text into something else, or repeat in the middle of it. Modifiers come back after it,
    /// other keys count as released.
    private void type(String text) {
        List<InputEvent.Key> keys = new ArrayList<>();
        for (InputEvent press : held) {
            if (press instanceof InputEvent.Key key) {
                keys.add(key);
            }
        }
        keys.reversed().forEach(key -> input.key(Keycodes.known(key.code()), false));
        held.removeAll(keys);
        display.sync();
        try {
            typer.type(text);
        } finally {
            if (display.connected()) {
                for (InputEvent.Key key : keys) {
                    if (MODIFIERS.contains(key.code())) {
                        press(key);
                    }
                }
            }
        }
    }

    @Override
    public void releaseAll() {
        try {
            for (InputEvent press : List.copyOf(held).reversed()) {
                switch (press) {
                    case InputEvent.Key(String code, boolean _) -> input.key(Keycodes.known(code), false);
                    case InputEvent.PointerButton(int button, boolean _) -> input.button(xButton(button), false);
                    case InputEvent.PointerMove _, InputEvent.Wheel _, InputEvent.Text _ -> {}
                }
            }
            display.sync();
        } catch (X11Exception lost) {
            // with the server, the keys are gone too
        }
        held.clear();
        pendingX = 0;
        pendingY = 0;
    }

    @Override
    public Set<InputEvent> held() {
        return Set.copyOf(held);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        releaseAll();
        try {
            typer.restoreMap();
        } catch (X11Exception lost) {
            // with the server, its map is gone too
        }
        display.close();
    }
}
