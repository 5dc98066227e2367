package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The picture as it was captured last, to find what really changed: damage says only what was drawn. Compared pixel by
/// pixel, so no two pictures are ever taken for the same one. One thread.
final class SeenPicture {
    private static final ValueLayout.OfInt BGRX = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int COLOUR = 0xff_ffff;

    private final int width;
    private final int height;
    private final int[] pixels;
    private final int[] row = new int[TileGrid.SIDE];

    SeenPicture(int width, int height) {
        this.width = width;
        this.height = height;
        this.pixels = new int[width * height];
    }

    /// Row after row, `0x??RRGGBB`.
    int[] pixels() {
        return pixels;
    }

    int height() {
        return height;
    }

    /// Pixels of a row from `x` on.
    void copyRow(int x, int y, int[] into, int length) {
        System.arraycopy(pixels, y * width + x, into, 0, length);
    }

    /// Pixels of a row of a frame from `x` on.
    static void copyRow(ScreenFrame frame, int x, int y, int[] into, int length) {
        MemorySegment.copy(frame.bgra(), BGRX, (long) y * frame.strideBytes() + x * 4L, into, 0, length);
    }

    /// Whether a row looks from `x` on as `other` does from `from` on.
    boolean equalsRow(int x, int y, int[] other, int from, int length) {
        int at = y * width + x;
        return differs(other, from, at, length) == length;
    }

    /// The first of them in which the colours differ; `length` when none does.
    private int differs(int[] other, int from, int at, int length) {
        int first = Arrays.mismatch(other, from, from + length, pixels, at, at + length);
        if (first < 0) {
            return length;
        }
        while (first < length && ((other[from + first] ^ pixels[at + first]) & COLOUR) == 0) {
            first++;
        }
        return first;
    }

    /// Where `frame` does not look as a copy makes it, in a part of the copy's target.
    ///
    /// @param part within a tile
    Rect differs(ScreenFrame frame, Rect part, ScrollDetector.Found found) {
        Bounds bounds = new Bounds(part);
        int column = part.x() / TileGrid.SIDE;
        for (int y = part.y(); y < part.bottom(); y++) {
            if (!found.is(ScrollDetector.Found.MOVED, y, column)) {
                copyRow(frame, part.x(), y, row, part.width());
                int at = (y - found.copy().dy()) * width
                        + part.x()
                        - found.copy().dx();
                bounds.row(y, at, part.width());
            }
        }
        return bounds.rect();
    }

    /// Takes all of `part`, of any size.
    void takeAll(ScreenFrame frame, Rect part) {
        for (int y = part.y(); y < part.bottom(); y++) {
            long from = (long) y * frame.strideBytes() + part.x() * 4L;
            MemorySegment.copy(frame.bgra(), BGRX, from, pixels, y * width + part.x(), part.width());
        }
    }

    /// Around what differs, row by row; what they are compared with is in `row`.
    private final class Bounds {
        private final int x;
        private int left;
        private int right;
        private int top;
        private int bottom;
        /// Of the row, what differs: the first and behind the last.
        private int first;

        private int last;

        Bounds(Rect part) {
            x = part.x();
            left = part.right();
            right = part.x();
            top = part.bottom();
            bottom = part.y();
        }

        /// @return whether something differs
        boolean row(int y, int at, int length) {
            first = differs(row, 0, at, length);
            if (first == length) {
                return false;
            }
            last = length;
            while (((row[last - 1] ^ pixels[at + last - 1]) & COLOUR) == 0) {
                last--;
            }
            left = Math.min(left, x + first);
            right = Math.max(right, x + last);
            top = Math.min(top, y);
            bottom = y + 1;
            return true;
        }

        Rect rect() {
            return right <= left ? Rect.ofSize(0, 0) : new Rect(left, top, right - left, bottom - top);
        }
    }

    /// Takes the part of `frame`, at most [TileGrid#SIDE] wide.
    ///
    /// @return around what differs from before; empty when nothing does
    Rect take(ScreenFrame frame, Rect part) {
        Bounds bounds = new Bounds(part);
        for (int y = part.y(); y < part.bottom(); y++) {
            copyRow(frame, part.x(), y, row, part.width());
            int at = y * width + part.x();
            if (bounds.row(y, at, part.width())) {
                System.arraycopy(row, bounds.first, pixels, at + bounds.first, bounds.last - bounds.first);
            }
        }
        return bounds.rect();
    }
}
