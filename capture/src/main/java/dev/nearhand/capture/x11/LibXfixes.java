package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;
import static dev.nearhand.capture.x11.Native.LONG;
import static dev.nearhand.capture.x11.Native.POINTER;
import static dev.nearhand.capture.x11.Native.returning;
import static dev.nearhand.capture.x11.Native.unexpected;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// libXfixes: regions and the picture of the cursor, as in
/// <https://www.x.org/releases/current/doc/fixesproto/fixesproto.txt>.
final class LibXfixes {
    private static final Native.Library LIBRARY = Native.Library.of("libXfixes.so.3", "libxfixes3");

    private static final MethodHandle XFIXES_QUERY_EXTENSION =
            LIBRARY.function("XFixesQueryExtension", returning(INT, POINTER, POINTER, POINTER));
    private static final MethodHandle XFIXES_QUERY_VERSION =
            LIBRARY.function("XFixesQueryVersion", returning(INT, POINTER, POINTER, POINTER));
    private static final MethodHandle XFIXES_CREATE_REGION =
            LIBRARY.function("XFixesCreateRegion", returning(LONG, POINTER, POINTER, INT));
    private static final MethodHandle XFIXES_FETCH_REGION =
            LIBRARY.function("XFixesFetchRegion", returning(POINTER, POINTER, LONG, POINTER));
    private static final MethodHandle XFIXES_GET_CURSOR_IMAGE =
            LIBRARY.function("XFixesGetCursorImage", returning(POINTER, POINTER));

    private static final MethodHandle SELECT_CURSOR_INPUT =
            LIBRARY.function("XFixesSelectCursorInput", FunctionDescriptor.ofVoid(POINTER, LONG, LONG));

    private LibXfixes() {}

    static int xFixesQueryExtension(MemorySegment display, MemorySegment eventBase, MemorySegment errorBase) {
        try {
            return (int) XFIXES_QUERY_EXTENSION.invokeExact(display, eventBase, errorBase);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xFixesQueryVersion(MemorySegment display, MemorySegment major, MemorySegment minor) {
        try {
            return (int) XFIXES_QUERY_VERSION.invokeExact(display, major, minor);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static long xFixesCreateRegion(MemorySegment display, MemorySegment rectangles, int count) {
        try {
            return (long) XFIXES_CREATE_REGION.invokeExact(display, rectangles, count);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static MemorySegment xFixesFetchRegion(MemorySegment display, long region, MemorySegment count) {
        try {
            return (MemorySegment) XFIXES_FETCH_REGION.invokeExact(display, region, count);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static MemorySegment xFixesGetCursorImage(MemorySegment display) {
        try {
            return (MemorySegment) XFIXES_GET_CURSOR_IMAGE.invokeExact(display);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static void xFixesSelectCursorInput(MemorySegment display, long window, long mask) {
        try {
            SELECT_CURSOR_INPUT.invokeExact(display, window, mask);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }
}
