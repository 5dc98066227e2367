package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;
import static dev.nearhand.capture.x11.Native.LONG;
import static dev.nearhand.capture.x11.Native.POINTER;
import static dev.nearhand.capture.x11.Native.returning;
import static dev.nearhand.capture.x11.Native.unexpected;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// libX11: connections, events, windows, keyboard map. Names, arguments and results are those of
/// <https://www.x.org/releases/current/doc/libX11/libX11/libX11.html>; a `Bool` or `Status` is an int that is not 0.
final class LibX11 {
    private static final Native.Library LIBRARY = Native.Library.of("libX11.so.6", "libx11-6");

    private static final MethodHandle X_INIT_THREADS = LIBRARY.function("XInitThreads", returning(INT));
    private static final MethodHandle X_OPEN_DISPLAY = LIBRARY.function("XOpenDisplay", returning(POINTER, POINTER));
    private static final MethodHandle X_CLOSE_DISPLAY = LIBRARY.function("XCloseDisplay", returning(INT, POINTER));
    private static final MethodHandle X_SET_ERROR_HANDLER =
            LIBRARY.function("XSetErrorHandler", returning(POINTER, POINTER));
    private static final MethodHandle X_SET_IO_ERROR_HANDLER =
            LIBRARY.function("XSetIOErrorHandler", returning(POINTER, POINTER));
    private static final MethodHandle X_CONNECTION_NUMBER =
            LIBRARY.function("XConnectionNumber", returning(INT, POINTER));
    private static final MethodHandle X_DEFAULT_SCREEN = LIBRARY.function("XDefaultScreen", returning(INT, POINTER));
    private static final MethodHandle X_ROOT_WINDOW = LIBRARY.function("XRootWindow", returning(LONG, POINTER, INT));
    private static final MethodHandle X_PENDING = LIBRARY.function("XPending", returning(INT, POINTER));
    private static final MethodHandle X_NEXT_EVENT = LIBRARY.function("XNextEvent", returning(INT, POINTER, POINTER));
    private static final MethodHandle X_SYNC = LIBRARY.function("XSync", returning(INT, POINTER, INT));
    private static final MethodHandle X_FLUSH = LIBRARY.function("XFlush", returning(INT, POINTER));
    private static final MethodHandle X_FREE = LIBRARY.function("XFree", returning(INT, POINTER));
    private static final MethodHandle X_GET_ERROR_TEXT =
            LIBRARY.function("XGetErrorText", returning(INT, POINTER, INT, POINTER, INT));
    private static final MethodHandle X_SELECT_INPUT =
            LIBRARY.function("XSelectInput", returning(INT, POINTER, LONG, LONG));
    private static final MethodHandle X_GET_WINDOW_ATTRIBUTES =
            LIBRARY.function("XGetWindowAttributes", returning(INT, POINTER, LONG, POINTER));
    private static final MethodHandle X_QUERY_POINTER = LIBRARY.function(
            "XQueryPointer",
            returning(INT, POINTER, LONG, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER));
    private static final MethodHandle X_GET_ATOM_NAME =
            LIBRARY.function("XGetAtomName", returning(POINTER, POINTER, LONG));
    private static final MethodHandle X_DISPLAY_KEYCODES =
            LIBRARY.function("XDisplayKeycodes", returning(INT, POINTER, POINTER, POINTER));
    private static final MethodHandle X_GET_KEYBOARD_MAPPING =
            LIBRARY.function("XGetKeyboardMapping", returning(POINTER, POINTER, INT, INT, POINTER));
    private static final MethodHandle X_CHANGE_KEYBOARD_MAPPING =
            LIBRARY.function("XChangeKeyboardMapping", returning(INT, POINTER, INT, INT, POINTER, INT));
    private static final MethodHandle X_GET_MODIFIER_MAPPING =
            LIBRARY.function("XGetModifierMapping", returning(POINTER, POINTER));
    private static final MethodHandle X_FREE_MODIFIERMAP =
            LIBRARY.function("XFreeModifiermap", returning(INT, POINTER));
    private static final MethodHandle X_QUERY_KEYMAP =
            LIBRARY.function("XQueryKeymap", returning(INT, POINTER, POINTER));

    private LibX11() {}

    static int xInitThreads() {
        try {
            return (int) X_INIT_THREADS.invokeExact();
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static MemorySegment xOpenDisplay(MemorySegment name) {
        try {
            return (MemorySegment) X_OPEN_DISPLAY.invokeExact(name);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xCloseDisplay(MemorySegment display) {
        try {
            return (int) X_CLOSE_DISPLAY.invokeExact(display);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static MemorySegment xSetErrorHandler(MemorySegment handler) {
        try {
            return (MemorySegment) X_SET_ERROR_HANDLER.invokeExact(handler);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static MemorySegment xSetIOErrorHandler(MemorySegment handler) {
        try {
            return (MemorySegment) X_SET_IO_ERROR_HANDLER.invokeExact(handler);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xConnectionNumber(MemorySegment display) {
        try {
            return (int) X_CONNECTION_NUMBER.invokeExact(display);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xDefaultScreen(MemorySegment display) {
        try {
            return (int) X_DEFAULT_SCREEN.invokeExact(display);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static long xRootWindow(MemorySegment display, int screen) {
        try {
            return (long) X_ROOT_WINDOW.invokeExact(display, screen);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xPending(MemorySegment display) {
        try {
            return (int) X_PENDING.invokeExact(display);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xNextEvent(MemorySegment display, MemorySegment event) {
        try {
            return (int) X_NEXT_EVENT.invokeExact(display, event);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xSync(MemorySegment display, int discard) {
        try {
            return (int) X_SYNC.invokeExact(display, discard);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xFlush(MemorySegment display) {
        try {
            return (int) X_FLUSH.invokeExact(display);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xFree(MemorySegment data) {
        try {
            return (int) X_FREE.invokeExact(data);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xGetErrorText(MemorySegment display, int code, MemorySegment buffer, int length) {
        try {
            return (int) X_GET_ERROR_TEXT.invokeExact(display, code, buffer, length);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xSelectInput(MemorySegment display, long window, long mask) {
        try {
            return (int) X_SELECT_INPUT.invokeExact(display, window, mask);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xGetWindowAttributes(MemorySegment display, long window, MemorySegment attributes) {
        try {
            return (int) X_GET_WINDOW_ATTRIBUTES.invokeExact(display, window, attributes);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xQueryPointer(
            MemorySegment display,
            long window,
            MemorySegment root,
            MemorySegment child,
            MemorySegment rootX,
            MemorySegment rootY,
            MemorySegment x,
            MemorySegment y,
            MemorySegment mask) {
        try {
            return (int) X_QUERY_POINTER.invokeExact(display, window, root, child, rootX, rootY, x, y, mask);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static MemorySegment xGetAtomName(MemorySegment display, long atom) {
        try {
            return (MemorySegment) X_GET_ATOM_NAME.invokeExact(display, atom);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xDisplayKeycodes(MemorySegment display, MemorySegment least, MemorySegment most) {
        try {
            return (int) X_DISPLAY_KEYCODES.invokeExact(display, least, most);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static MemorySegment xGetKeyboardMapping(
            MemorySegment display, int firstKeycode, int count, MemorySegment keysymsPerKeycode) {
        try {
            return (MemorySegment) X_GET_KEYBOARD_MAPPING.invokeExact(display, firstKeycode, count, keysymsPerKeycode);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xChangeKeyboardMapping(
            MemorySegment display, int firstKeycode, int keysymsPerKeycode, MemorySegment keysyms, int count) {
        try {
            return (int)
                    X_CHANGE_KEYBOARD_MAPPING.invokeExact(display, firstKeycode, keysymsPerKeycode, keysyms, count);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static MemorySegment xGetModifierMapping(MemorySegment display) {
        try {
            return (MemorySegment) X_GET_MODIFIER_MAPPING.invokeExact(display);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xFreeModifiermap(MemorySegment map) {
        try {
            return (int) X_FREE_MODIFIERMAP.invokeExact(map);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xQueryKeymap(MemorySegment display, MemorySegment keys) {
        try {
            return (int) X_QUERY_KEYMAP.invokeExact(display, keys);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /// libX11 before 1.7 has no XSetIOErrorExitHandler: there, the end of the X server ends this process.
    static void survivesLostConnection(MemorySegment display, MemorySegment handler) {
        if (!LIBRARY.has("XSetIOErrorExitHandler")) {
            return;
        }
        try {
            ExitHandler.SET.invokeExact(display, handler, MemorySegment.NULL);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    private static final class ExitHandler {
        static final MethodHandle SET =
                LIBRARY.function("XSetIOErrorExitHandler", FunctionDescriptor.ofVoid(POINTER, POINTER, POINTER));
    }
}
