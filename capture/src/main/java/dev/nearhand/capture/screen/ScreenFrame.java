package dev.nearhand.capture.screen;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// One picture of the screen in native memory, 4 bytes a pixel in the order blue, green, red, unused.
///
/// The pixels do not change while the frame is open; they may be read by any thread. Who holds the frame closes it,
/// once, from any thread; later calls of [#close()] do nothing.
public final class ScreenFrame implements AutoCloseable {
    public static final int BYTES_PER_PIXEL = 4;

    private final int width;
    private final int height;
    private final int strideBytes;
    private final MemorySegment bgra;
    private final List<Rect> changed;
    private final long captureNanos;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param strideBytes bytes from one row to the next, at least `4 * width`
    /// @param bgra at least `strideBytes * (height - 1) + 4 * width` bytes
    /// @param changed where it differs from the frame before it *of the same capture*; not empty, inside
    ///     the picture. Whoever drops a frame adds its rectangles to those of the next one.
    /// @param captureNanos `System.nanoTime()` when the pixels were read
    /// @param release called once, by the thread that closes the frame
    public ScreenFrame(
            int width,
            int height,
            int strideBytes,
            MemorySegment bgra,
            List<Rect> changed,
            long captureNanos,
            Runnable release) {
        if (width < 1 || height < 1 || strideBytes < (long) width * BYTES_PER_PIXEL) {
            throw new IllegalArgumentException(
                    "a frame of " + width + "x" + height + " with " + strideBytes + " bytes a row");
        }
        if (bgra.byteSize() < (long) strideBytes * (height - 1) + (long) width * BYTES_PER_PIXEL) {
            throw new IllegalArgumentException(
                    "a frame of " + width + "x" + height + " in " + bgra.byteSize() + " bytes");
        }
        this.width = width;
        this.height = height;
        this.strideBytes = strideBytes;
        this.bgra = bgra;
        this.changed = List.copyOf(changed);
        this.captureNanos = captureNanos;
        this.release = release;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    public int strideBytes() {
        return strideBytes;
    }

    /// The pixels, read only by convention: writing would corrupt later frames.
    public MemorySegment bgra() {
        if (closed.get()) {
            throw new IllegalStateException("the frame is closed");
        }
        return bgra;
    }

    public List<Rect> changed() {
        return changed;
    }

    public long captureNanos() {
        return captureNanos;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
