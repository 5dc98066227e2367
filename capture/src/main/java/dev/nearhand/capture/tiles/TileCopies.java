package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The viewer's copies of the tiles of one grid, as its messages make them; none of them need be shown. One thread at a
/// time.
final class TileCopies {
    static final TileCopies NONE = new TileCopies(-1, new TileGrid(1, 1));

    final int epoch;
    final TileGrid shape;
    /// Made when a tile first comes; [TileGrid#SIDE] ints a row.
    final int[] @Nullable [] copies;
    /// By tile, the capture that its copy is exactly of; 0 when of none.
    final long[] seq;
    private final int[] row;
    private int number;

    TileCopies(int epoch, TileGrid shape) {
        this.epoch = epoch;
        this.shape = shape;
        copies = new int[shape.count()][];
        seq = new long[shape.count()];
        row = new int[shape.width()];
    }

    /// The next message is this one.
    void number(int ofEpoch, int next) throws MalformedTilesException {
        if (ofEpoch != epoch || next != number + 1) {
            throw new MalformedTilesException("an update out of order");
        }
        number = next;
    }

    /// The pixels of a tile, which may have to be written yet.
    int[] copy(int tile) {
        int[] copy = copies[tile];
        if (copy == null) {
            copy = new int[TileGrid.SIDE * TileGrid.SIDE];
            copies[tile] = copy;
        }
        return copy;
    }

    /// Row by row, in the order that lets source and target overlap.
    void make(Copy copy) {
        Rect target = copy.target();
        boolean upwards = copy.dy() <= 0;
        for (int i = 0; i < target.height(); i++) {
            int down = upwards ? i : target.height() - 1 - i;
            transfer(copy.fromX(), copy.fromY() + down, target.width(), false);
            transfer(target.x(), target.y() + down, target.width(), true);
        }
    }

    /// Between a row of pixels and `row`.
    private void transfer(int x, int y, int length, boolean write) {
        int inTile = y % TileGrid.SIDE * TileGrid.SIDE;
        int firstTile = y / TileGrid.SIDE * shape.columns();
        for (int done = 0; done < length; ) {
            int column = x + done;
            int within = column % TileGrid.SIDE;
            int part = Math.min(length - done, TileGrid.SIDE - within);
            int tile = firstTile + column / TileGrid.SIDE;
            int[] pixels = copies[tile];
            if (write) {
                System.arraycopy(row, done, copy(tile), inTile + within, part);
            } else if (pixels != null) {
                System.arraycopy(pixels, inTile + within, row, done, part);
            } else {
                Arrays.fill(row, done, done + part, 0); // nothing was known of it
            }
            done += part;
        }
    }
}
