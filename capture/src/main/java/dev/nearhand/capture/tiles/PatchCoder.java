package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;

/// One rectangle of a tile as bytes: the tile's number, its place in the tile, its pixels.
final class PatchCoder {
    private final PixelCoder pixels = new PixelCoder();

    /// @param picture all pixels of the grid, row after row
    /// @param patch on the picture, inside of the tile, not empty
    void encode(TileGrid grid, int tile, Rect patch, int[] picture, ByteSink out) {
        Rect place = grid.place(tile);
        out.putVarint(tile);
        out.put(patch.x() - place.x());
        out.put(patch.y() - place.y());
        out.put(patch.width() - 1);
        out.put(patch.height() - 1);
        pixels.encode(picture, patch.y() * grid.width() + patch.x(), grid.width(), patch.width(), patch.height(), out);
    }

    /// Where patches go.
    interface Target {
        /// The pixels of a tile, [TileGrid#SIDE] a row.
        int[] tile(int tile);

        /// These of them have been written.
        ///
        /// @param patch on the picture
        void written(int tile, Rect patch);
    }

    /// @throws MalformedTilesException when it is something else, at whatever place
    void decodeAll(TileGrid grid, ByteSource in, Target target) throws MalformedTilesException {
        while (in.hasMore()) {
            long tile = in.takeVarint();
            if (tile >= grid.count()) {
                throw new MalformedTilesException("a tile outside of the grid");
            }
            Rect place = grid.place((int) tile);
            int x = in.take();
            int y = in.take();
            int width = in.take() + 1;
            int height = in.take() + 1;
            if (x + width > place.width() || y + height > place.height()) {
                throw new MalformedTilesException("a rectangle outside of its tile");
            }
            pixels.decode(in, target.tile((int) tile), y * TileGrid.SIDE + x, TileGrid.SIDE, width, height);
            target.written((int) tile, new Rect(place.x() + x, place.y() + y, width, height));
        }
    }
}
