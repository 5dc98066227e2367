package dev.nearhand.capture.screen.ffmpeg;

import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Where two pictures of one size differ, for platforms that do not tell: found by comparing memory, 0.3 ms for two
/// equal ones of 1080p.
final class FrameDifference {
    /// Rows are looked at in groups of this many; each group has one rectangle at most.
    static final int BAND_HEIGHT = 16;

    /// A rectangle begins and ends at multiples of this many pixels, or at the edge.
    static final int BLOCK_WIDTH = 64;

    private FrameDifference() {}

    /// @return none when they are equal
    static List<Rect> of(
            MemorySegment before, int strideBefore, MemorySegment now, int strideNow, int width, int height) {
        List<Rect> changed = new ArrayList<>();
        long rowBytes = (long) width * ScreenFrame.BYTES_PER_PIXEL;
        for (int top = 0; top < height; top += BAND_HEIGHT) {
            int rows = Math.min(BAND_HEIGHT, height - top);
            long left = rowBytes;
            long right = 0;
            int first = -1;
            int last = -1;
            for (int row = top; row < top + rows; row++) {
                long a = (long) row * strideBefore;
                long b = (long) row * strideNow;
                long at = MemorySegment.mismatch(before, a, a + rowBytes, now, b, b + rowBytes);
                if (at >= 0) {
                    first = first < 0 ? row : first;
                    last = row;
                    left = Math.min(left, at);
                    right = Math.max(right, lastDifference(before, a, now, b, Math.max(at + 1, right), rowBytes));
                }
            }
            if (first >= 0) {
                changed.add(rectangle(left, right, first, last, width));
            }
        }
        return changed;
    }

    /// The end of the last block that differs, or `from` when none does behind it.
    private static long lastDifference(
            MemorySegment before, long a, MemorySegment now, long b, long from, long rowBytes) {
        long block = (long) BLOCK_WIDTH * ScreenFrame.BYTES_PER_PIXEL;
        long end = rowBytes;
        while (end > from) {
            long start = Math.max(from, (end - 1) / block * block);
            if (MemorySegment.mismatch(before, a + start, a + end, now, b + start, b + end) >= 0) {
                return end;
            }
            end = start;
        }
        return from;
    }

    private static Rect rectangle(long leftBytes, long rightBytes, int first, int last, int width) {
        int left = (int) (leftBytes / ScreenFrame.BYTES_PER_PIXEL) / BLOCK_WIDTH * BLOCK_WIDTH;
        int right = (int) ((rightBytes + ScreenFrame.BYTES_PER_PIXEL - 1) / ScreenFrame.BYTES_PER_PIXEL);
        int aligned = Math.min(width, (right + BLOCK_WIDTH - 1) / BLOCK_WIDTH * BLOCK_WIDTH);
        return new Rect(left, first, aligned - left, last - first + 1);
    }
}
