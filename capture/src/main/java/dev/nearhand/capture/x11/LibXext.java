package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;
import static dev.nearhand.capture.x11.Native.LONG;
import static dev.nearhand.capture.x11.Native.POINTER;
import static dev.nearhand.capture.x11.Native.returning;
import static dev.nearhand.capture.x11.Native.unexpected;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// libXext: MIT-SHM, images in memory that the X server and this process share, as in
/// <https://www.x.org/releases/current/doc/xextproto/shm.html>.
final class LibXext {
    private static final Native.Library LIBRARY = Native.Library.of("libXext.so.6", "libxext6");

    private static final MethodHandle XSHM_QUERY_EXTENSION =
            LIBRARY.function("XShmQueryExtension", returning(INT, POINTER));
    private static final MethodHandle XSHM_CREATE_IMAGE = LIBRARY.function(
            "XShmCreateImage", returning(POINTER, POINTER, POINTER, INT, INT, POINTER, POINTER, INT, INT));
    private static final MethodHandle XSHM_ATTACH = LIBRARY.function("XShmAttach", returning(INT, POINTER, POINTER));
    private static final MethodHandle XSHM_DETACH = LIBRARY.function("XShmDetach", returning(INT, POINTER, POINTER));
    private static final MethodHandle XSHM_GET_IMAGE =
            LIBRARY.function("XShmGetImage", returning(INT, POINTER, LONG, POINTER, INT, INT, LONG));

    private LibXext() {}

    static int xShmQueryExtension(MemorySegment display) {
        try {
            return (int) XSHM_QUERY_EXTENSION.invokeExact(display);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static MemorySegment xShmCreateImage(
            MemorySegment display,
            MemorySegment visual,
            int depth,
            int format,
            MemorySegment data,
            MemorySegment segment,
            int width,
            int height) {
        try {
            return (MemorySegment)
                    XSHM_CREATE_IMAGE.invokeExact(display, visual, depth, format, data, segment, width, height);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xShmAttach(MemorySegment display, MemorySegment segment) {
        try {
            return (int) XSHM_ATTACH.invokeExact(display, segment);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xShmDetach(MemorySegment display, MemorySegment segment) {
        try {
            return (int) XSHM_DETACH.invokeExact(display, segment);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xShmGetImage(MemorySegment display, long drawable, MemorySegment image, int x, int y, long planes) {
        try {
            return (int) XSHM_GET_IMAGE.invokeExact(display, drawable, image, x, y, planes);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }
}
