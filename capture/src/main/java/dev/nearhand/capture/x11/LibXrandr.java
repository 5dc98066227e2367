package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;
import static dev.nearhand.capture.x11.Native.LONG;
import static dev.nearhand.capture.x11.Native.POINTER;
import static dev.nearhand.capture.x11.Native.returning;
import static dev.nearhand.capture.x11.Native.unexpected;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// libXrandr: monitors and mode changes, as in
/// <https://www.x.org/releases/current/doc/randrproto/randrproto.txt>.
final class LibXrandr {
    private static final Native.Library LIBRARY = Native.Library.of("libXrandr.so.2", "libxrandr2");

    private static final MethodHandle XRR_QUERY_EXTENSION =
            LIBRARY.function("XRRQueryExtension", returning(INT, POINTER, POINTER, POINTER));
    private static final MethodHandle XRR_QUERY_VERSION =
            LIBRARY.function("XRRQueryVersion", returning(INT, POINTER, POINTER, POINTER));
    private static final MethodHandle XRR_UPDATE_CONFIGURATION =
            LIBRARY.function("XRRUpdateConfiguration", returning(INT, POINTER));
    private static final MethodHandle XRR_GET_MONITORS =
            LIBRARY.function("XRRGetMonitors", returning(POINTER, POINTER, LONG, INT, POINTER));

    private static final MethodHandle SELECT_INPUT =
            LIBRARY.function("XRRSelectInput", FunctionDescriptor.ofVoid(POINTER, LONG, INT));
    private static final MethodHandle FREE_MONITORS =
            LIBRARY.function("XRRFreeMonitors", FunctionDescriptor.ofVoid(POINTER));

    private LibXrandr() {}

    static int xRRQueryExtension(MemorySegment display, MemorySegment eventBase, MemorySegment errorBase) {
        try {
            return (int) XRR_QUERY_EXTENSION.invokeExact(display, eventBase, errorBase);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xRRQueryVersion(MemorySegment display, MemorySegment major, MemorySegment minor) {
        try {
            return (int) XRR_QUERY_VERSION.invokeExact(display, major, minor);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xRRUpdateConfiguration(MemorySegment event) {
        try {
            return (int) XRR_UPDATE_CONFIGURATION.invokeExact(event);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static MemorySegment xRRGetMonitors(MemorySegment display, long window, int active, MemorySegment count) {
        try {
            return (MemorySegment) XRR_GET_MONITORS.invokeExact(display, window, active, count);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static void xRRSelectInput(MemorySegment display, long window, int mask) {
        try {
            SELECT_INPUT.invokeExact(display, window, mask);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static void xRRFreeMonitors(MemorySegment monitors) {
        try {
            FREE_MONITORS.invokeExact(monitors);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }
}
