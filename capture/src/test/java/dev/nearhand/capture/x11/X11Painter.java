package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;
import static dev.nearhand.capture.x11.Native.LONG;
import static dev.nearhand.capture.x11.Native.POINTER;
import static dev.nearhand.capture.x11.Native.returning;
import static dev.nearhand.capture.x11.Native.unexpected;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// A test's own X client: draws known pixels into a window that covers the screen, and chooses its cursor.
public final class X11Painter implements AutoCloseable {
    private static final Native.Library X11 = Native.Library.of("libX11.so.6", "libx11-6");
    private static final MethodHandle CREATE_WINDOW =
            X11.function("XCreateSimpleWindow", returning(LONG, POINTER, LONG, INT, INT, INT, INT, INT, LONG, LONG));
    private static final MethodHandle MAP_WINDOW = X11.function("XMapRaised", returning(INT, POINTER, LONG));
    private static final MethodHandle CREATE_GC =
            X11.function("XCreateGC", returning(POINTER, POINTER, LONG, LONG, POINTER));
    private static final MethodHandle SET_FOREGROUND =
            X11.function("XSetForeground", returning(INT, POINTER, POINTER, LONG));
    private static final MethodHandle FILL_RECTANGLE =
            X11.function("XFillRectangle", returning(INT, POINTER, LONG, POINTER, INT, INT, INT, INT));
    private static final MethodHandle CREATE_IMAGE = X11.function(
            "XCreateImage", returning(POINTER, POINTER, POINTER, INT, INT, INT, POINTER, INT, INT, INT, INT));
    private static final MethodHandle PUT_IMAGE =
            X11.function("XPutImage", returning(INT, POINTER, LONG, POINTER, POINTER, INT, INT, INT, INT, INT, INT));
    private static final MethodHandle FONT_CURSOR = X11.function("XCreateFontCursor", returning(LONG, POINTER, INT));
    private static final MethodHandle DEFINE_CURSOR =
            X11.function("XDefineCursor", returning(INT, POINTER, LONG, LONG));
    private static final MethodHandle WARP_POINTER =
            X11.function("XWarpPointer", returning(INT, POINTER, LONG, LONG, INT, INT, INT, INT, INT, INT));

    private final X11Display display;
    private final long window;
    private final MemorySegment context;

    public X11Painter(String displayName, int width, int height) {
        display = X11Display.open(displayName);
        try {
            MemorySegment handle = display.handle();
            window = (long) CREATE_WINDOW.invokeExact(handle, display.root(), 0, 0, width, height, 0, 0L, 0L);
            int ignored = (int) MAP_WINDOW.invokeExact(handle, window);
            context = (MemorySegment) CREATE_GC.invokeExact(handle, window, 0L, MemorySegment.NULL);
            display.sync();
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    X11Display display() {
        return display;
    }

    long window() {
        return window;
    }

    public void fill(int x, int y, int width, int height, int rgb) {
        try {
            MemorySegment handle = display.handle();
            int ignored = (int) SET_FOREGROUND.invokeExact(handle, context, (long) rgb);
            ignored = (int) FILL_RECTANGLE.invokeExact(handle, window, context, x, y, width, height);
            display.sync();
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    /// @param rgb rows from the top
    public void put(int x, int y, int width, int height, int[] rgb) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment pixels = call.allocateFrom(ValueLayout.JAVA_INT, rgb);
            MemorySegment image = (MemorySegment) CREATE_IMAGE.invokeExact(
                    display.handle(), display.rootWindow().visual(), 24, 2, 0, pixels, width, height, 32, width * 4);
            int ignored =
                    (int) PUT_IMAGE.invokeExact(display.handle(), window, context, image, 0, 0, x, y, width, height);
            display.sync();
            LibX11.xFree(image);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    /// @param glyph a shape of the cursor font: 68 left pointer, 152 text
    public void cursor(int glyph) {
        try {
            long cursor = (long) FONT_CURSOR.invokeExact(display.handle(), glyph);
            int ignored = (int) DEFINE_CURSOR.invokeExact(display.handle(), window, cursor);
            display.sync();
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    public void movePointer(int x, int y) {
        try {
            int ignored = (int) WARP_POINTER.invokeExact(display.handle(), 0L, display.root(), 0, 0, 0, 0, x, y);
            display.sync();
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    @Override
    public void close() {
        display.close();
    }
}
