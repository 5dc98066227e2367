package dev.nearhand.capture.screen.pattern;

import dev.nearhand.capture.screen.Rect;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Pixels to draw on, `0xRRGGBB` each. Everything is clipped to its size.
final class Raster {
    private static final ValueLayout.OfInt LITTLE_ENDIAN_INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int width;
    private final int height;
    private final int[] pixels;

    Raster(int width, int height) {
        this.width = width;
        this.height = height;
        this.pixels = new int[width * height];
    }

    Rect bounds() {
        return Rect.ofSize(width, height);
    }

    void fill(Rect rect, int rgb) {
        Rect inside = rect.intersection(bounds());
        for (int y = inside.y(); y < inside.bottom(); y++) {
            Arrays.fill(pixels, y * width + inside.x(), y * width + inside.right(), rgb);
        }
    }

    /// @param scale each pixel of a letter is so many pixels wide and high
    void text(int x, int y, String text, int scale, int rgb) {
        for (int index = 0; index < text.length(); index++) {
            int left = x + index * PixelFont.ADVANCE * scale;
            if (left >= width) {
                return;
            }
            for (int column = 0; column < PixelFont.GLYPH_WIDTH; column++) {
                for (int row = 0; row < PixelFont.GLYPH_HEIGHT; row++) {
                    if (PixelFont.ink(text.charAt(index), column, row)) {
                        fill(new Rect(left + column * scale, y + row * scale, scale, scale), rgb);
                    }
                }
            }
        }
    }

    static int textWidth(String text, int scale) {
        return text.length() * PixelFont.ADVANCE * scale;
    }

    /// Copies a part of a raster of the same size.
    void copy(Raster from, Rect rect) {
        Rect inside = rect.intersection(bounds());
        for (int y = inside.y(); y < inside.bottom(); y++) {
            int start = y * width + inside.x();
            System.arraycopy(from.pixels, start, pixels, start, inside.width());
        }
    }

    /// Writes all rows, without a gap, as BGRx.
    void writeTo(MemorySegment bgra) {
        MemorySegment.copy(pixels, 0, bgra, LITTLE_ENDIAN_INT, 0, pixels.length);
    }
}
