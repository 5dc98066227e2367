package dev.nearhand.capture.tiles;

/// Which tiles change much and again and again: a film, something that is dragged. Those travel as video; a letter that
/// is typed into such a place afterwards does not keep it there, nor does one large change.
final class TileMotion {
    /// Changes that are farther apart are not motion.
    static final long PAUSE_NANOS = 200_000_000L;

    private final long[] largeNanos;
    private final byte[] large;

    TileMotion(int tiles) {
        largeNanos = new long[tiles];
        large = new byte[tiles];
    }

    /// @param much whether it was a considerable part of the tile
    void changed(int tile, boolean much, long nowNanos) {
        if (!much) {
            return;
        }
        boolean goesOn = large[tile] > 0 && nowNanos - largeNanos[tile] < PAUSE_NANOS;
        large[tile] = (byte) (goesOn ? Math.min(large[tile] + 1, 3) : 1);
        largeNanos[tile] = nowNanos;
    }

    boolean moves(int tile, long nowNanos) {
        return large[tile] >= 3 && nowNanos - largeNanos[tile] < PAUSE_NANOS;
    }
}
