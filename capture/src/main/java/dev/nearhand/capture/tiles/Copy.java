package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;

/// A part of the picture that is to look as another part of it did before.
///
/// @param target what changes; not empty
/// @param fromX left edge of what it looks like, of the same size; both may overlap
/// @param fromY its upper edge
record Copy(Rect target, int fromX, int fromY) {
    /// Of one message at most. Together they cover no more than the picture has, so that no message costs more than a
    /// picture that is drawn anew.
    static final int LIMIT = 16;

    int dx() {
        return target.x() - fromX;
    }

    int dy() {
        return target.y() - fromY;
    }

    Rect source() {
        return new Rect(fromX, fromY, target.width(), target.height());
    }

    void encode(ByteSink out) {
        out.putVarint(target.x());
        out.putVarint(target.y());
        out.putVarint(target.width());
        out.putVarint(target.height());
        out.putVarint(fromX);
        out.putVarint(fromY);
    }

    /// @throws MalformedTilesException when it reaches out of the picture, or there is nothing to copy
    static Copy decode(ByteSource in, TileGrid grid) throws MalformedTilesException {
        int x = below(in, grid.width());
        int y = below(in, grid.height());
        int width = below(in, grid.width() - x + 1);
        int height = below(in, grid.height() - y + 1);
        int fromX = below(in, grid.width() - width + 1);
        int fromY = below(in, grid.height() - height + 1);
        if (width == 0 || height == 0) {
            throw new MalformedTilesException("a copy of nothing");
        }
        return new Copy(new Rect(x, y, width, height), fromX, fromY);
    }

    private static int below(ByteSource in, int limit) throws MalformedTilesException {
        long value = in.takeVarint();
        if (value >= limit) {
            throw new MalformedTilesException("a copy outside of the picture");
        }
        return (int) value;
    }
}
