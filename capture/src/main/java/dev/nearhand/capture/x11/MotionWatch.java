package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The X Input extension: an event whenever a pointing device moves, whichever window the pointer is in. One thread.
///
/// A pointer that a program puts elsewhere (`XWarpPointer`) makes no such event.
public final class MotionWatch {
    /// Raw events reach every client that asks, grabs or not, from version 2.1 on.
    private static final int MAJOR = 2;

    private static final int MINOR = 2;
    private static final int SUCCESS = 0;
    private static final int ALL_MASTER_DEVICES = 1;
    private static final int RAW_MOTION = 17;
    private static final int MASK_BYTES = 4;
    /// `XIEventMask`: device, length of the mask, the mask.
    private static final int EVENT_MASK_BYTES = 16;

    private MotionWatch() {}

    /// Asks for the events; they wake [X11Display#awaitEvents] and mean nothing to who reads them.
    ///
    /// @return false when the server or this machine has no X Input 2
    public static boolean start(X11Display display) {
        if (!LibXi.present()) {
            return false;
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment major = call.allocateFrom(INT, MAJOR);
            MemorySegment minor = call.allocateFrom(INT, MINOR);
            if (LibXi.xiQueryVersion(display.handle(), major, minor) != SUCCESS || major.get(INT, 0) < MAJOR) {
                return false;
            }
            MemorySegment mask = call.allocate(MASK_BYTES);
            mask.set(ValueLayout.JAVA_BYTE, RAW_MOTION / 8, (byte) (1 << RAW_MOTION % 8));
            MemorySegment selection = call.allocate(EVENT_MASK_BYTES, 8);
            selection.set(INT, 0, ALL_MASTER_DEVICES);
            selection.set(INT, 4, MASK_BYTES);
            selection.set(ValueLayout.ADDRESS, 8, mask);
            boolean asked = LibXi.xiSelectEvents(display.handle(), display.root(), selection, 1) == SUCCESS;
            display.sync();
            return display.takeError().isEmpty() && asked;
        }
    }
}
