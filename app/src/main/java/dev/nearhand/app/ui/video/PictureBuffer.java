package dev.nearhand.app.ui.video;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Rectangle2D;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javax.imageio.ImageIO;

/// The pixels of one size of picture on their way to the screen: written by the decode thread, shown by the FX thread.
///
/// Two copies of the pixels: `staged`, which the decode thread overwrites under the lock, and the images' own, which
/// only the FX thread touches. There is an image of all of it and one of each band of rows, over the same memory;
/// [#present] touches only those that differ, because that is what costs JavaFX time.
final class PictureBuffer {
    /// A part of the picture with an image of its own.
    record Band(int top, int rows, PixelBuffer<ByteBuffer> pixels, WritableImage image) {}

    static final int BAND_ROWS = 64;

    private static final int PIXEL_BYTES = 4;
    private static final ValueLayout.OfInt BGRA = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int width;
    private final int height;
    private final MemorySegment staged;
    private final MemorySegment shown;
    private final PixelBuffer<ByteBuffer> pixels;
    private final WritableImage image;
    private final List<Band> bands;
    private final Object lock = new Object();
    /// Rows that were staged and not looked at yet, under the lock.
    private int stagedTop = Integer.MAX_VALUE;

    private int stagedBottom;

    PictureBuffer(int width, int height) {
        this.width = width;
        this.height = height;
        ByteBuffer stagedBytes = ByteBuffer.allocateDirect(width * height * PIXEL_BYTES);
        ByteBuffer shownBytes = ByteBuffer.allocateDirect(width * height * PIXEL_BYTES);
        this.staged = MemorySegment.ofBuffer(stagedBytes);
        this.shown = MemorySegment.ofBuffer(shownBytes);
        this.pixels = new PixelBuffer<>(width, height, shownBytes, PixelFormat.getByteBgraPreInstance());
        this.image = new WritableImage(pixels);
        this.bands = bands(shownBytes, width, height);
    }

    private static List<Band> bands(ByteBuffer all, int width, int height) {
        List<Band> bands = new ArrayList<>();
        int rowBytes = width * PIXEL_BYTES;
        for (int top = 0; top < height; top += BAND_ROWS) {
            int rows = Math.min(BAND_ROWS, height - top);
            ByteBuffer part = all.slice(top * rowBytes, rows * rowBytes);
            PixelBuffer<ByteBuffer> pixels = new PixelBuffer<>(width, rows, part, PixelFormat.getByteBgraPreInstance());
            bands.add(new Band(top, rows, pixels, new WritableImage(pixels)));
        }
        return List.copyOf(bands);
    }

    boolean fits(int otherWidth, int otherHeight) {
        return width == otherWidth && height == otherHeight;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /// All of it.
    WritableImage image() {
        return image;
    }

    /// The same pixels in parts, from the top.
    List<Band> bands() {
        return bands;
    }

    /// Takes a picture; any thread.
    void stage(MemorySegment bgra, int strideBytes) {
        stage(bgra, strideBytes, 0, height);
    }

    /// Takes the rows from `top` on of a picture that has no others that differ; any thread.
    void stage(MemorySegment bgra, int strideBytes, int top, int rows) {
        long rowBytes = (long) width * PIXEL_BYTES;
        synchronized (lock) {
            stagedTop = Math.min(stagedTop, top);
            stagedBottom = Math.max(stagedBottom, top + rows);
            if (strideBytes == rowBytes) {
                MemorySegment.copy(bgra, top * rowBytes, staged, top * rowBytes, rowBytes * rows);
                return;
            }
            for (int row = top; row < top + rows; row++) {
                MemorySegment.copy(bgra, (long) row * strideBytes, staged, row * rowBytes, rowBytes);
            }
        }
    }

    /// Shows what was staged last; FX thread. Answers whether a pixel changed.
    boolean present() {
        synchronized (lock) {
            int first = height;
            int last = -1;
            for (Band band : bands) {
                boolean isStaged = band.top() < stagedBottom && band.top() + band.rows() > stagedTop;
                if (isStaged && present(band)) {
                    first = Math.min(first, band.top());
                    last = band.top() + band.rows();
                }
            }
            stagedTop = height;
            stagedBottom = 0;
            if (last < 0) {
                return false;
            }
            Rectangle2D changed = new Rectangle2D(0, first, width, last - first);
            pixels.updateBuffer(_ -> changed);
            return true;
        }
    }

    private boolean present(Band band) {
        long from = (long) band.top() * width * PIXEL_BYTES;
        long length = (long) band.rows() * width * PIXEL_BYTES;
        if (MemorySegment.mismatch(staged, from, from + length, shown, from, from + length) < 0) {
            return false;
        }
        MemorySegment.copy(staged, from, shown, from, length);
        Rectangle2D all = new Rectangle2D(0, 0, width, band.rows());
        band.pixels().updateBuffer(_ -> all);
        return true;
    }

    /// The newest picture as PNG.
    void writePng(Path file) throws IOException {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width];
        synchronized (lock) {
            for (int y = 0; y < height; y++) {
                MemorySegment.copy(staged, BGRA, (long) y * width * PIXEL_BYTES, row, 0, width);
                picture.setRGB(0, y, width, 1, row, 0, width);
            }
        }
        if (!ImageIO.write(picture, "png", file.toFile())) {
            throw new IOException("this JDK writes no PNG");
        }
    }
}
