package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The picture as it was captured last, to find what really changed: damage says only what was drawn. Compared pixel by
/// pixel, so no two pictures are ever taken for the same one. One thread.
final class SeenPicture {
    private static final ValueLayout.OfInt BGRX = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int COLOUR = 0xff_ffff;

    private final int width;
    private final int[] pixels;
    private final int[] row = new int[TileGrid.SIDE];

    SeenPicture(int width, int height) {
        this.width = width;
        this.pixels = new int[width * height];
    }

    /// Row after row, `0x??RRGGBB`.
    int[] pixels() {
        return pixels;
    }

    /// Takes the part of `frame`, at most [TileGrid#SIDE] wide.
    ///
    /// @return around what differs from before; empty when nothing does
    Rect take(ScreenFrame frame, Rect part) {
        int left = part.right();
        int right = part.x();
        int top = part.bottom();
        int bottom = part.y();
        MemorySegment bgra = frame.bgra();
        for (int y = part.y(); y < part.bottom(); y++) {
            long from = (long) y * frame.strideBytes() + part.x() * 4L;
            MemorySegment.copy(bgra, BGRX, from, row, 0, part.width());
            int at = y * width + part.x();
            int first = 0;
            while (first < part.width() && ((row[first] ^ pixels[at + first]) & COLOUR) == 0) {
                first++;
            }
            if (first == part.width()) {
                continue;
            }
            int last = part.width() - 1;
            while (((row[last] ^ pixels[at + last]) & COLOUR) == 0) {
                last--;
            }
            System.arraycopy(row, first, pixels, at + first, last - first + 1);
            left = Math.min(left, part.x() + first);
            right = Math.max(right, part.x() + last + 1);
            top = Math.min(top, y);
            bottom = y + 1;
        }
        return right <= left ? Rect.ofSize(0, 0) : new Rect(left, top, right - left, bottom - top);
    }
}
