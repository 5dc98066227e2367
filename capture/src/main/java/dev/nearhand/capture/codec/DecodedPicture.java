package dev.nearhand.capture.codec;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/// One decoded picture in native memory, 4 bytes a pixel in the order blue, green, red, 255.
///
/// Its pixels do not change while it is open; any thread may read them. Who holds it closes it, from any thread.
public final class DecodedPicture implements AutoCloseable {
    private final int width;
    private final int height;
    private final int strideBytes;
    private final boolean keyframe;
    private final MemorySegment bgra;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param release called once, by the thread that closes the picture
    public DecodedPicture(
            int width, int height, int strideBytes, boolean keyframe, MemorySegment bgra, Runnable release) {
        this.width = width;
        this.height = height;
        this.strideBytes = strideBytes;
        this.keyframe = keyframe;
        this.bgra = bgra;
        this.release = release;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /// Bytes from one row to the next.
    public int strideBytes() {
        return strideBytes;
    }

    public boolean keyframe() {
        return keyframe;
    }

    /// `strideBytes * height` bytes; read only by convention.
    public MemorySegment bgra() {
        if (closed.get()) {
            throw new IllegalStateException("the picture is closed");
        }
        return bgra;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
