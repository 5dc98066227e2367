package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// XTEST: pointer motion, buttons and keys as if from real devices. One thread, that of the connection.
///
/// Requests are sent with the next [X11Display#sync()] or [X11Display#flush()].
public final class FakeInput {
    private static final int COORDINATE_LIMIT = Short.MAX_VALUE;

    private final X11Display display;

    /// @throws X11Exception when the server has no XTEST extension
    public FakeInput(X11Display display) {
        this.display = display;
        MemorySegment out = display.scratch();
        int present = LibXtst.xTestQueryExtension(
                display.handle(), out.asSlice(0, 4), out.asSlice(4, 4), out.asSlice(8, 4), out.asSlice(12, 4));
        if (present == 0) {
            throw X11Exception.refused("the X server " + display.name()
                    + " has no XTEST extension, so it takes no input; switch it on there");
        }
        // a program that has grabbed the server would otherwise stop our input for so long
        LibXtst.xTestGrabControl(display.handle(), 1);
        display.sync();
    }

    /// The server moves places outside the screen to its edge.
    public void motion(int x, int y) {
        LibXtst.xTestFakeMotionEvent(
                display.handle(),
                display.screenNumber(),
                Math.clamp(x, 0, COORDINATE_LIMIT),
                Math.clamp(y, 0, COORDINATE_LIMIT),
                0);
    }

    /// @param button as X counts them: 4–7 are the wheel
    public void button(int button, boolean down) {
        LibXtst.xTestFakeButtonEvent(display.handle(), button, down ? 1 : 0, 0);
    }

    public void key(int keycode, boolean down) {
        LibXtst.xTestFakeKeyEvent(display.handle(), keycode, down ? 1 : 0, 0);
    }

    /// Whether the server sees this key pressed, by whomever.
    public boolean isDown(int keycode) {
        MemorySegment keys = display.scratch().asSlice(0, 32);
        LibX11.xQueryKeymap(display.handle(), keys);
        display.check();
        return (keys.get(ValueLayout.JAVA_BYTE, keycode / 8) >> (keycode % 8) & 1) != 0;
    }

    /// How many keys the server sees pressed, by whomever.
    public int keysDown() {
        MemorySegment keys = display.scratch().asSlice(0, 32);
        LibX11.xQueryKeymap(display.handle(), keys);
        display.check();
        int down = 0;
        for (int i = 0; i < 8; i++) {
            down += Integer.bitCount(keys.getAtIndex(INT, i));
        }
        return down;
    }
}
