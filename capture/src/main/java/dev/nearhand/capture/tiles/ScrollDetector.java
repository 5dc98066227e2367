package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import java.util.Arrays;
import java.util.Optional;

/// Finds a part of the picture that has moved up or down as a whole: a page that was scrolled.
///
/// Hashes of some strips say by how much; each place that was found again elsewhere votes, and places that look alike,
/// as blank lines do, do not. Where that is so is compared pixel by pixel, so a hash can only miss something. What does
/// not fit inside of the rectangle that is answered is for the caller to find. One thread.
final class ScrollDetector {
    /// Less is not worth it.
    static final int LEAST_WIDTH = 64;
    static final int LEAST_HEIGHT = 48;
    /// Pixels that a copy has to make right at least which would have to be sent otherwise.
    private static final long LEAST_GAIN = 8_192;
    private static final int STRIP = 64;
    private static final int STRIPS = 6;
    /// So many rows together are looked for elsewhere: about half a line of text.
    private static final int WINDOW = 8;
    private static final int LEAST_VOTES = 12;
    private static final int FACTOR = 0x01b3_4a2d;
    private static final int AMBIGUOUS = -1;

    private final int[] strip = new int[STRIP];
    private int[] row = new int[0];

    /// What has moved, and what was learnt on the way.
    ///
    /// @param copy from edge to edge of tiles, or of what was looked at
    /// @param firstRow of the picture, that `looks` begins with
    /// @param firstColumn of the grid
    /// @param looks by row and column of tiles: [#MOVED] and [#SAME]
    record Found(Copy copy, int firstRow, int firstColumn, byte[][] looks) {
        /// The row of a tile looks as the copy makes it.
        static final int MOVED = 1;
        /// It looks as before.
        static final int SAME = 2;

        boolean is(int look, int y, int column) {
            return (looks[y - firstRow][column - firstColumn] & look) != 0;
        }
    }

    /// @param frame newer than `seen`
    /// @param region in which something has changed, inside of the picture
    Optional<Found> find(ScreenFrame frame, SeenPicture seen, Rect region) {
        if (region.width() < LEAST_WIDTH || region.height() < LEAST_HEIGHT) {
            return Optional.empty();
        }
        int dy = vote(frame, seen, region);
        return dy == 0 ? Optional.empty() : extent(frame, seen, region, dy);
    }

    /// @return how far down the most has gone; 0 when nothing is clear
    private int vote(ScreenFrame frame, SeenPicture seen, Rect region) {
        int height = region.height();
        int strips = Math.min(STRIPS, region.width() / STRIP);
        int[] votes = new int[2 * height];
        int[] before = new int[height];
        int[] after = new int[height];
        for (int i = 0; i < strips; i++) {
            int x = region.x() + (strips == 1 ? 0 : (int) ((long) i * (region.width() - STRIP) / (strips - 1)));
            for (int y = 0; y < height; y++) {
                seen.copyRow(x, region.y() + y, strip, STRIP);
                before[y] = Arrays.hashCode(strip);
                SeenPicture.copyRow(frame, x, region.y() + y, strip, STRIP);
                after[y] = Arrays.hashCode(strip);
            }
            joinRows(before);
            joinRows(after);
            vote(before, after, votes);
        }
        int best = 0;
        for (int shift = 1; shift < votes.length; shift++) {
            if (votes[shift] > votes[best]) {
                best = shift;
            }
        }
        return votes[best] < LEAST_VOTES ? 0 : best - height;
    }

    /// Of each row the hash of it and the next ones; those at the end stay alone and are not looked at.
    private static void joinRows(int[] hashes) {
        for (int y = 0; y + WINDOW <= hashes.length; y++) {
            int joined = 0;
            for (int i = 0; i < WINDOW; i++) {
                joined = joined * FACTOR + hashes[y + i];
            }
            hashes[y] = joined;
        }
    }

    private static void vote(int[] before, int[] after, int[] votes) {
        int slots = Integer.highestOneBit(before.length) * 4;
        int[] keys = new int[slots];
        int[] rows = new int[slots]; // 0 is free, else the row and 1, or that there are several
        int windows = before.length - WINDOW + 1;
        for (int y = 0; y < windows; y++) {
            int slot = slot(keys, rows, before[y]);
            boolean free = rows[slot] == 0;
            keys[slot] = before[y];
            rows[slot] = free ? y + 1 : AMBIGUOUS;
        }
        for (int y = 0; y < windows; y++) {
            int slot = slot(keys, rows, after[y]);
            if (after[y] != before[y] && rows[slot] > 0) {
                votes[y - (rows[slot] - 1) + before.length]++;
            }
        }
    }

    private static int slot(int[] keys, int[] rows, int key) {
        int slot = (key * 0x9e37_79b1 >>> 8) & keys.length - 1;
        while (rows[slot] != 0 && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    /// Where that is so. A row of a strip counts for it when the copy makes it right and it has changed, and against it
    /// when it has not changed and the copy would spoil it.
    private Optional<Found> extent(ScreenFrame frame, SeenPicture seen, Rect region, int dy) {
        int first = Math.max(region.y(), dy);
        int end = Math.min(region.bottom(), seen.height() + dy);
        int firstColumn = region.x() / TileGrid.SIDE;
        int columns = (region.right() - 1) / TileGrid.SIDE - firstColumn + 1;
        byte[][] looks = new byte[Math.max(0, end - first)][columns];
        int[] ofColumns = new int[columns];
        if (row.length < region.width()) {
            row = new int[region.width()];
        }
        for (int y = first; y < end; y++) {
            SeenPicture.copyRow(frame, region.x(), y, row, region.width());
            for (int column = 0; column < columns; column++) {
                int left = Math.max(region.x(), (firstColumn + column) * TileGrid.SIDE);
                int right = Math.min(region.right(), (firstColumn + column + 1) * TileGrid.SIDE);
                boolean moved = seen.equalsRow(left, y - dy, row, left - region.x(), right - left);
                boolean same = seen.equalsRow(left, y, row, left - region.x(), right - left);
                looks[y - first][column] = (byte) ((moved ? Found.MOVED : 0) | (same ? Found.SAME : 0));
                ofColumns[column] += score(looks[y - first][column]);
            }
        }
        Range across = Range.best(ofColumns);
        int[] ofRows = new int[looks.length];
        for (int y = 0; y < looks.length; y++) {
            for (int column = across.begin(); column < across.end(); column++) {
                ofRows[y] += score(looks[y][column]);
            }
        }
        Range down = Range.best(ofRows);
        if (down.sum() * TileGrid.SIDE < LEAST_GAIN) {
            return Optional.empty();
        }
        int left = Math.max(region.x(), (firstColumn + across.begin()) * TileGrid.SIDE);
        int right = Math.min(region.right(), (firstColumn + across.end()) * TileGrid.SIDE);
        int top = first + down.begin();
        Copy copy = new Copy(new Rect(left, top, right - left, down.end() - down.begin()), left, top - dy);
        return Optional.of(new Found(copy, first, firstColumn, looks));
    }

    private static int score(byte looks) {
        return looks == Found.MOVED ? 1 : looks == Found.SAME ? -1 : 0;
    }

    /// Neighbours of an array whose sum is the largest.
    private record Range(int begin, int end, long sum) {
        static Range best(int[] values) {
            Range best = new Range(0, 0, 0);
            long sum = 0;
            int begin = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[i];
                if (sum <= 0) {
                    sum = 0;
                    begin = i + 1;
                } else if (sum > best.sum) {
                    best = new Range(begin, i + 1, sum);
                }
            }
            return best;
        }
    }
}
