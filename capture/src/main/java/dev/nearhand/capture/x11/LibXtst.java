package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;
import static dev.nearhand.capture.x11.Native.LONG;
import static dev.nearhand.capture.x11.Native.POINTER;
import static dev.nearhand.capture.x11.Native.returning;
import static dev.nearhand.capture.x11.Native.unexpected;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// libXtst: XTEST, input as if from real devices, as in
/// <https://www.x.org/releases/current/doc/libXtst/xtestlib.html>. The delay is always 0 (`CurrentTime`).
final class LibXtst {
    private static final Native.Library LIBRARY = Native.Library.of("libXtst.so.6", "libxtst6");

    private static final MethodHandle XTEST_QUERY_EXTENSION =
            LIBRARY.function("XTestQueryExtension", returning(INT, POINTER, POINTER, POINTER, POINTER, POINTER));
    private static final MethodHandle XTEST_FAKE_KEY_EVENT =
            LIBRARY.function("XTestFakeKeyEvent", returning(INT, POINTER, INT, INT, LONG));
    private static final MethodHandle XTEST_FAKE_BUTTON_EVENT =
            LIBRARY.function("XTestFakeButtonEvent", returning(INT, POINTER, INT, INT, LONG));
    private static final MethodHandle XTEST_FAKE_MOTION_EVENT =
            LIBRARY.function("XTestFakeMotionEvent", returning(INT, POINTER, INT, INT, INT, LONG));
    private static final MethodHandle XTEST_GRAB_CONTROL =
            LIBRARY.function("XTestGrabControl", returning(INT, POINTER, INT));

    private LibXtst() {}

    static int xTestQueryExtension(
            MemorySegment display,
            MemorySegment eventBase,
            MemorySegment errorBase,
            MemorySegment major,
            MemorySegment minor) {
        try {
            return (int) XTEST_QUERY_EXTENSION.invokeExact(display, eventBase, errorBase, major, minor);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xTestFakeKeyEvent(MemorySegment display, int keycode, int press, long delay) {
        try {
            return (int) XTEST_FAKE_KEY_EVENT.invokeExact(display, keycode, press, delay);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xTestFakeButtonEvent(MemorySegment display, int button, int press, long delay) {
        try {
            return (int) XTEST_FAKE_BUTTON_EVENT.invokeExact(display, button, press, delay);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xTestFakeMotionEvent(MemorySegment display, int screen, int x, int y, long delay) {
        try {
            return (int) XTEST_FAKE_MOTION_EVENT.invokeExact(display, screen, x, y, delay);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xTestGrabControl(MemorySegment display, int impervious) {
        try {
            return (int) XTEST_GRAB_CONTROL.invokeExact(display, impervious);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }
}
