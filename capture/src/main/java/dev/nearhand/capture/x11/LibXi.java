package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;
import static dev.nearhand.capture.x11.Native.LONG;
import static dev.nearhand.capture.x11.Native.POINTER;
import static dev.nearhand.capture.x11.Native.returning;
import static dev.nearhand.capture.x11.Native.unexpected;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// libXi: events of the input devices themselves, as in
/// <https://www.x.org/releases/current/doc/libXi/inputlib.html> and the protocol of the X Input extension, version 2.
final class LibXi {
    private static final Native.Library LIBRARY = Native.Library.of("libXi.so.6", "libxi6");

    private static final MethodHandle XI_QUERY_VERSION =
            LIBRARY.function("XIQueryVersion", returning(INT, POINTER, POINTER, POINTER));
    private static final MethodHandle XI_SELECT_EVENTS =
            LIBRARY.function("XISelectEvents", returning(INT, POINTER, LONG, POINTER, INT));

    private LibXi() {}

    static boolean present() {
        return LIBRARY.has("XISelectEvents");
    }

    static int xiQueryVersion(MemorySegment display, MemorySegment major, MemorySegment minor) {
        try {
            return (int) XI_QUERY_VERSION.invokeExact(display, major, minor);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xiSelectEvents(MemorySegment display, long window, MemorySegment masks, int maskCount) {
        try {
            return (int) XI_SELECT_EVENTS.invokeExact(display, window, masks, maskCount);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }
}
