package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;

/// A picture cut into tiles of [#SIDE] pixels, counted from the upper left corner in rows; those at the right and lower
/// edge may be smaller.
///
/// @param width pixels of the picture, 1–16383
/// @param height pixels; both together at most [#AREA_LIMIT]
public record TileGrid(int width, int height) {
    /// docs/decisions/2026-11-28-tiles-carrier.md has the measurement.
    public static final int SIDE = 64;

    /// An 8K screen, and some; a larger picture travels as video alone.
    public static final long AREA_LIMIT = 36L << 20;

    public TileGrid {
        if (!fits(width, height)) {
            throw new IllegalArgumentException("no tiles for a picture of " + width + "x" + height);
        }
    }

    /// Whether a picture of this size can have tiles.
    public static boolean fits(int width, int height) {
        return width >= 1 && height >= 1 && width <= 16_383 && height <= 16_383 && (long) width * height <= AREA_LIMIT;
    }

    public int columns() {
        return (width + SIDE - 1) / SIDE;
    }

    public int rows() {
        return (height + SIDE - 1) / SIDE;
    }

    public int count() {
        return columns() * rows();
    }

    /// The place of a tile on the picture.
    public Rect place(int tile) {
        int x = tile % columns() * SIDE;
        int y = tile / columns() * SIDE;
        return new Rect(x, y, Math.min(SIDE, width - x), Math.min(SIDE, height - y));
    }

    /// The tiles that have a part in `part`, which lies inside of the picture; ascending.
    int[] under(Rect part) {
        if (part.isEmpty()) {
            return new int[0];
        }
        int left = part.x() / SIDE;
        int across = (part.right() - 1) / SIDE - left + 1;
        int top = part.y() / SIDE;
        int[] tiles = new int[across * ((part.bottom() - 1) / SIDE - top + 1)];
        for (int i = 0; i < tiles.length; i++) {
            tiles[i] = (top + i / across) * columns() + left + i % across;
        }
        return tiles;
    }
}
