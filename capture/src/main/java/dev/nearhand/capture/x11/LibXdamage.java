package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;
import static dev.nearhand.capture.x11.Native.LONG;
import static dev.nearhand.capture.x11.Native.POINTER;
import static dev.nearhand.capture.x11.Native.returning;
import static dev.nearhand.capture.x11.Native.unexpected;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// libXdamage: which parts of a drawable were drawn to, as in
/// <https://www.x.org/releases/current/doc/damageproto/damageproto.txt>.
final class LibXdamage {
    private static final Native.Library LIBRARY = Native.Library.of("libXdamage.so.1", "libxdamage1");

    private static final MethodHandle XDAMAGE_QUERY_EXTENSION =
            LIBRARY.function("XDamageQueryExtension", returning(INT, POINTER, POINTER, POINTER));
    private static final MethodHandle XDAMAGE_QUERY_VERSION =
            LIBRARY.function("XDamageQueryVersion", returning(INT, POINTER, POINTER, POINTER));
    private static final MethodHandle XDAMAGE_CREATE =
            LIBRARY.function("XDamageCreate", returning(LONG, POINTER, LONG, INT));

    private static final MethodHandle X_DAMAGE_SUBTRACT =
            LIBRARY.function("XDamageSubtract", FunctionDescriptor.ofVoid(POINTER, LONG, LONG, LONG));

    private LibXdamage() {}

    static int xDamageQueryExtension(MemorySegment display, MemorySegment eventBase, MemorySegment errorBase) {
        try {
            return (int) XDAMAGE_QUERY_EXTENSION.invokeExact(display, eventBase, errorBase);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static int xDamageQueryVersion(MemorySegment display, MemorySegment major, MemorySegment minor) {
        try {
            return (int) XDAMAGE_QUERY_VERSION.invokeExact(display, major, minor);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static long xDamageCreate(MemorySegment display, long drawable, int level) {
        try {
            return (long) XDAMAGE_CREATE.invokeExact(display, drawable, level);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /// Takes the damage away and puts it into the region `parts`.
    static void xDamageSubtract(MemorySegment display, long damage, long repair, long parts) {
        try {
            X_DAMAGE_SUBTRACT.invokeExact(display, damage, repair, parts);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }
}
