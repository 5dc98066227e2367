package dev.nearhand.app.ui.video;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import javafx.geometry.Rectangle2D;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javax.imageio.ImageIO;

/// The pixels of one size of picture on their way to the screen: written by the decode thread, shown by the FX thread.
///
/// Two copies of the pixels: `staged`, which the decode thread overwrites under the lock, and the image's own, which
/// only the FX thread touches. [#present] marks only the band of rows that differ, because that is what costs JavaFX
/// time.
final class PictureBuffer {
    private static final int PIXEL_BYTES = 4;
    private static final ValueLayout.OfInt BGRA = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int width;
    private final int height;
    private final MemorySegment staged;
    private final MemorySegment shown;
    private final PixelBuffer<ByteBuffer> pixels;
    private final WritableImage image;
    private final Object lock = new Object();

    PictureBuffer(int width, int height) {
        this.width = width;
        this.height = height;
        ByteBuffer stagedBytes = ByteBuffer.allocateDirect(width * height * PIXEL_BYTES);
        ByteBuffer shownBytes = ByteBuffer.allocateDirect(width * height * PIXEL_BYTES);
        this.staged = MemorySegment.ofBuffer(stagedBytes);
        this.shown = MemorySegment.ofBuffer(shownBytes);
        this.pixels = new PixelBuffer<>(width, height, shownBytes, PixelFormat.getByteBgraPreInstance());
        this.image = new WritableImage(pixels);
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

    WritableImage image() {
        return image;
    }

    /// Takes a picture; any thread.
    void stage(MemorySegment bgra, int strideBytes) {
        long rowBytes = (long) width * PIXEL_BYTES;
        synchronized (lock) {
            if (strideBytes == rowBytes) {
                MemorySegment.copy(bgra, 0, staged, 0, rowBytes * height);
                return;
            }
            for (int row = 0; row < height; row++) {
                MemorySegment.copy(bgra, (long) row * strideBytes, staged, row * rowBytes, rowBytes);
            }
        }
    }

    /// Shows what was staged last; FX thread. Answers whether a pixel changed.
    boolean present() {
        synchronized (lock) {
            int first = firstChangedRow();
            if (first < 0) {
                return false;
            }
            int last = lastChangedRow();
            long rowBytes = (long) width * PIXEL_BYTES;
            pixels.updateBuffer(_ -> {
                MemorySegment.copy(staged, first * rowBytes, shown, first * rowBytes, (last - first + 1) * rowBytes);
                return new Rectangle2D(0, first, width, last - first + 1);
            });
            return true;
        }
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

    private int firstChangedRow() {
        long at = staged.mismatch(shown);
        return at < 0 ? -1 : (int) (at / ((long) width * PIXEL_BYTES));
    }

    private int lastChangedRow() {
        long rowBytes = (long) width * PIXEL_BYTES;
        for (int row = height - 1; row > 0; row--) {
            long from = row * rowBytes;
            if (MemorySegment.mismatch(staged, from, from + rowBytes, shown, from, from + rowBytes) >= 0) {
                return row;
            }
        }
        return 0;
    }
}
