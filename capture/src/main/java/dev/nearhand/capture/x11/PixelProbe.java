package dev.nearhand.capture.x11;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Reads one rectangle of a display again and again, as fast as shared memory allows, for an observer that measures
/// from outside. One thread; it has a connection of its own.
public final class PixelProbe implements AutoCloseable {
    private final X11Display display;
    private final ShmImage image;
    private final Area area;

    /// @param displayName such as `:0`; empty for the value of `DISPLAY`
    /// @param area on the root window
    /// @throws X11Exception when the display cannot be opened or read
    public PixelProbe(String displayName, Area area) {
        this.area = area;
        display = X11Display.open(displayName);
        try {
            image = new ShmImage(display, display.rootWindow(), area.width(), area.height());
        } catch (RuntimeException failure) {
            display.close();
            throw failure;
        }
    }

    /// Reads the pixels as they are now.
    ///
    /// @throws X11Exception when the connection is lost, or the rectangle is not inside the screen
    public void read() {
        if (!image.read(area.x(), area.y(), 0, area.height())) {
            throw X11Exception.refused("the rectangle to watch is not inside the screen");
        }
    }

    /// The colour that [#read()] found, `0xRRGGBB`.
    public int rgb(int x, int y) {
        return image.pixels().get(ValueLayout.JAVA_INT, (long) y * image.strideBytes() + x * 4L) & 0xFFFFFF;
    }

    /// What [#read()] found: blue, green, red, unused; [#strideBytes()] from row to row.
    public MemorySegment pixels() {
        return image.pixels();
    }

    public int strideBytes() {
        return image.strideBytes();
    }

    @Override
    public void close() {
        display.close();
        image.unmap();
    }
}
