package dev.nearhand.app.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The few functions of libX11 and libXtst that draw a stimulus, look at pixels and click. Names, arguments and results
/// are those of <https://www.x.org/releases/current/doc/libX11/libX11/libX11.html>.
///
/// Apart from the capture module on purpose: an observer must not share code with what it observes.
final class X11 {
    private static final SymbolLookup XLIB = library("libX11.so.6");
    private static final SymbolLookup XTST = library("libXtst.so.6");

    private static final MethodHandle OPEN = xlib("XOpenDisplay", ADDRESS, ADDRESS);
    private static final MethodHandle CLOSE = xlib("XCloseDisplay", JAVA_INT, ADDRESS);
    private static final MethodHandle ROOT = xlib("XDefaultRootWindow", JAVA_LONG, ADDRESS);
    private static final MethodHandle WIDTH = xlib("XDisplayWidth", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle HEIGHT = xlib("XDisplayHeight", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SYNC = xlib("XSync", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle FREE = xlib("XFree", JAVA_INT, ADDRESS);
    private static final MethodHandle PENDING = xlib("XPending", JAVA_INT, ADDRESS);
    private static final MethodHandle NEXT_EVENT = xlib("XNextEvent", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SELECT_INPUT = xlib("XSelectInput", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CREATE_WINDOW = xlib(
            "XCreateSimpleWindow",
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG);
    private static final MethodHandle MAP_RAISED = xlib("XMapRaised", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle CREATE_GC = xlib("XCreateGC", ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    private static final MethodHandle FOREGROUND = xlib("XSetForeground", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle FILL =
            xlib("XFillRectangle", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle DRAW_STRING =
            xlib("XDrawString", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle COPY_AREA = xlib(
            "XCopyArea",
            JAVA_INT,
            ADDRESS,
            JAVA_LONG,
            JAVA_LONG,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT);
    private static final MethodHandle GET_IMAGE =
            xlib("XGetImage", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle PUT_IMAGE = xlib(
            "XPutImage",
            JAVA_INT,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT);
    private static final MethodHandle CREATE_IMAGE = xlib(
            "XCreateImage",
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT);
    private static final MethodHandle DEFAULT_VISUAL = xlib("XDefaultVisual", ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle MOVE_POINTER =
            function(XTST, "XTestFakeMotionEvent", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle BUTTON =
            function(XTST, "XTestFakeButtonEvent", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG);

    private static final int Z_PIXMAP = 2;
    private static final long ALL_PLANES = -1;
    private static final int DEPTH = 24;
    private static final int BITS_PER_PIXEL = 32;
    private static final long IMAGE_DATA = 16;
    private static final long IMAGE_BYTES_PER_LINE = 44;
    private static final long IMAGE_BYTES = 136;

    private X11() {}

    @SuppressWarnings("restricted")
    private static SymbolLookup library(String file) {
        try {
            return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException _) {
            throw new BenchException(file + " is missing; install libx11-6 and libxtst6");
        }
    }

    private static MethodHandle xlib(String name, MemoryLayout result, MemoryLayout... arguments) {
        return function(XLIB, name, result, arguments);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(
            SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
        MemorySegment address = library.find(name)
                .orElseThrow(() -> new BenchException("the X libraries are too old: they have no " + name));
        return Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(result, arguments));
    }

    private static RuntimeException unexpected(Throwable thrown) {
        return thrown instanceof RuntimeException known ? known : new IllegalStateException(thrown);
    }

    static MemorySegment open(String display) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment opened = (MemorySegment) OPEN.invokeExact(call.allocateFrom(display));
            if (opened.address() == 0) {
                throw new BenchException("the X display " + display + " cannot be opened");
            }
            return opened;
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static void close(MemorySegment display) {
        try {
            int _ = (int) CLOSE.invokeExact(display);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static long root(MemorySegment display) {
        try {
            return (long) ROOT.invokeExact(display);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int width(MemorySegment display) {
        try {
            return (int) WIDTH.invokeExact(display, 0);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int height(MemorySegment display) {
        try {
            return (int) HEIGHT.invokeExact(display, 0);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static void sync(MemorySegment display) {
        try {
            int _ = (int) SYNC.invokeExact(display, 0);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int pending(MemorySegment display) {
        try {
            return (int) PENDING.invokeExact(display);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static void nextEvent(MemorySegment display, MemorySegment event) {
        try {
            int _ = (int) NEXT_EVENT.invokeExact(display, event);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static void selectInput(MemorySegment display, long window, long mask) {
        try {
            int _ = (int) SELECT_INPUT.invokeExact(display, window, mask);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static long createWindow(MemorySegment display, int width, int height, int background) {
        try {
            return (long)
                    CREATE_WINDOW.invokeExact(display, root(display), 0, 0, width, height, 0, 0L, (long) background);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static void mapRaised(MemorySegment display, long window) {
        try {
            int _ = (int) MAP_RAISED.invokeExact(display, window);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static MemorySegment createGc(MemorySegment display, long drawable) {
        try {
            return (MemorySegment) CREATE_GC.invokeExact(display, drawable, 0L, MemorySegment.NULL);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static void fill(
            MemorySegment display, long drawable, MemorySegment gc, int rgb, int x, int y, int width, int height) {
        try {
            int _ = (int) FOREGROUND.invokeExact(display, gc, (long) rgb);
            int _ = (int) FILL.invokeExact(display, drawable, gc, x, y, width, height);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /// Draws in the server's own font, on the base line `y`.
    static void text(MemorySegment display, long drawable, MemorySegment gc, int rgb, int x, int y, String text) {
        try (Arena call = Arena.ofConfined()) {
            int _ = (int) FOREGROUND.invokeExact(display, gc, (long) rgb);
            int _ = (int) DRAW_STRING.invokeExact(display, drawable, gc, x, y, call.allocateFrom(text), text.length());
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static void copyArea(
            MemorySegment display,
            long drawable,
            MemorySegment gc,
            int fromX,
            int fromY,
            int width,
            int height,
            int toX,
            int toY) {
        try {
            int _ = (int) COPY_AREA.invokeExact(display, drawable, drawable, gc, fromX, fromY, width, height, toX, toY);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /// An image over memory of the caller's, rows of `4 * width` bytes.
    static MemorySegment createImage(MemorySegment display, MemorySegment pixels, int width, int height) {
        try {
            MemorySegment visual = (MemorySegment) DEFAULT_VISUAL.invokeExact(display, 0);
            return (MemorySegment) CREATE_IMAGE.invokeExact(
                    display, visual, DEPTH, Z_PIXMAP, 0, pixels, width, height, BITS_PER_PIXEL, 0);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static void putImage(
            MemorySegment display,
            long drawable,
            MemorySegment gc,
            MemorySegment image,
            int x,
            int y,
            int width,
            int height) {
        try {
            int _ = (int) PUT_IMAGE.invokeExact(display, drawable, gc, image, 0, 0, x, y, width, height);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /// Reads a part of the root window as `0xRRGGBB`.
    @SuppressWarnings("restricted")
    static int[] read(MemorySegment display, int x, int y, int width, int height) {
        try {
            MemorySegment image = (MemorySegment)
                    GET_IMAGE.invokeExact(display, root(display), x, y, width, height, ALL_PLANES, Z_PIXMAP);
            if (image.address() == 0) {
                throw new BenchException("the X server gave no picture");
            }
            MemorySegment sized = image.reinterpret(IMAGE_BYTES);
            int stride = sized.get(JAVA_INT, IMAGE_BYTES_PER_LINE);
            MemorySegment data = sized.get(ADDRESS, IMAGE_DATA);
            MemorySegment pixels = data.reinterpret((long) stride * height);
            int[] result = new int[width * height];
            for (int row = 0; row < height; row++) {
                MemorySegment.copy(pixels, ValueLayout.JAVA_INT, (long) row * stride, result, row * width, width);
            }
            for (int index = 0; index < result.length; index++) {
                result[index] &= 0xffffff;
            }
            int _ = (int) FREE.invokeExact(data);
            int _ = (int) FREE.invokeExact(image);
            return result;
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static void movePointer(MemorySegment display, int x, int y) {
        try {
            int _ = (int) MOVE_POINTER.invokeExact(display, -1, x, y, 0L);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
        sync(display);
    }

    static void button(MemorySegment display, int button, boolean down) {
        try {
            int _ = (int) BUTTON.invokeExact(display, button, down ? 1 : 0, 0L);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
        sync(display);
    }
}
