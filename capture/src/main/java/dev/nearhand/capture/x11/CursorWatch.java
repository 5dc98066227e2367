package dev.nearhand.capture.x11;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// XFIXES: the picture of the cursor and the events that say it became another one. One thread.
public final class CursorWatch {
    private static final long DISPLAY_CURSOR_NOTIFY = 1;

    private final X11Display display;
    private final int eventType;

    /// @throws X11Exception when the server has no XFIXES extension
    public CursorWatch(X11Display display) {
        this.display = display;
        eventType = DamageMonitor.requireFixes(display) + 1;
        LibXfixes.xFixesSelectCursorInput(display.handle(), display.root(), DISPLAY_CURSOR_NOTIFY);
        display.sync();
    }

    public int eventType() {
        return eventType;
    }

    /// The picture now.
    public Picture picture() {
        MemorySegment pointer = LibXfixes.xFixesGetCursorImage(display.handle());
        display.check();
        if (pointer.equals(MemorySegment.NULL)) {
            return new Picture(0, 1, 1, 0, 0, new int[1]);
        }
        MemorySegment image = Native.sized(pointer, 48);
        int width = Short.toUnsignedInt(image.get(ValueLayout.JAVA_SHORT, 4));
        int height = Short.toUnsignedInt(image.get(ValueLayout.JAVA_SHORT, 6));
        // pixels are C longs with 32 bits used
        MemorySegment pixels = Native.sized(image.get(ValueLayout.ADDRESS, 24), (long) width * height * 8);
        int[] argb = new int[width * height];
        for (int i = 0; i < argb.length; i++) {
            argb[i] = (int) pixels.getAtIndex(ValueLayout.JAVA_LONG, i);
        }
        Picture picture = new Picture(
                image.get(ValueLayout.JAVA_LONG, 16),
                width,
                height,
                Short.toUnsignedInt(image.get(ValueLayout.JAVA_SHORT, 8)),
                Short.toUnsignedInt(image.get(ValueLayout.JAVA_SHORT, 10)),
                argb);
        LibX11.xFree(pointer);
        return picture;
    }

    /// @param argb premultiplied, `width * height` values, rows from the top
    @SuppressWarnings("ArrayRecordComponent")
    public record Picture(long serial, int width, int height, int hotspotX, int hotspotY, int[] argb) {}
}
