package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What the viewer's copies of the tiles would lack of the newest picture if it made a copy first. Of each tile that
/// the copy changes: what differs from what it makes, what it drags along that was lacking before, and what was changed
/// or lacking beside it.
final class Move {
    private static final Rect NOTHING = Rect.ofSize(0, 0);

    final Copy copy;
    private final ScrollDetector.Found found;
    private final TileGrid grid;
    /// By tile, of those that the copy changes.
    private final Rect[] lacks;
    private final boolean[] touched;

    /// @param seen the picture that `frame` is newer than, and is not taken into yet
    /// @param lacking by tile, of that picture
    Move(ScrollDetector.Found found, TileGrid grid, ScreenFrame frame, SeenPicture seen, Rect[] lacking) {
        this.found = found;
        copy = found.copy();
        this.grid = grid;
        lacks = new Rect[grid.count()];
        touched = new boolean[grid.count()];
        Arrays.fill(lacks, NOTHING);
        for (int tile : grid.under(copy.target())) {
            touched[tile] = true;
            Rect inside = inside(tile);
            Rect before = lacking[tile];
            boolean replaced = before.intersection(inside).equals(before);
            lacks[tile] = seen.differs(frame, inside, found).boundsWith(replaced ? NOTHING : before);
        }
        for (int tile : grid.under(copy.source())) {
            Rect dragged = lacking[tile].intersection(copy.source()).translated(copy.dx(), copy.dy());
            if (!dragged.isEmpty()) {
                for (int to : grid.under(dragged)) {
                    lacks[to] = lacks[to].boundsWith(dragged.intersection(grid.place(to)));
                }
            }
        }
    }

    boolean touches(int tile) {
        return touched[tile];
    }

    /// The part of the tile that the copy changes.
    Rect inside(int tile) {
        return copy.target().intersection(grid.place(tile));
    }

    /// What has changed of that, from edge to edge: whole rows.
    Rect changedInside(int tile) {
        Rect inside = inside(tile);
        int column = inside.x() / TileGrid.SIDE;
        int top = inside.y();
        int bottom = inside.bottom();
        while (top < bottom && found.is(ScrollDetector.Found.SAME, top, column)) {
            top++;
        }
        while (top < bottom && found.is(ScrollDetector.Found.SAME, bottom - 1, column)) {
            bottom--;
        }
        return new Rect(inside.x(), top, inside.width(), bottom - top);
    }

    /// The rest of `part`, which is of the tile, in pieces.
    List<Rect> outside(int tile, Rect part) {
        Rect hole = part.intersection(inside(tile));
        if (hole.isEmpty()) {
            return List.of(part);
        }
        List<Rect> pieces = new ArrayList<>(4);
        add(pieces, part.x(), part.y(), part.right(), hole.y());
        add(pieces, part.x(), hole.bottom(), part.right(), part.bottom());
        add(pieces, part.x(), hole.y(), hole.x(), hole.bottom());
        add(pieces, hole.right(), hole.y(), part.right(), hole.bottom());
        return pieces;
    }

    private static void add(List<Rect> pieces, int left, int top, int right, int bottom) {
        if (left < right && top < bottom) {
            pieces.add(new Rect(left, top, right - left, bottom - top));
        }
    }

    /// That much beside the copy has changed in a tile that it touches.
    void changedOutside(int tile, Rect change) {
        lacks[tile] = lacks[tile].boundsWith(change);
    }

    /// What the tile lacks after the copy.
    ///
    /// @param otherwise what it lacks without it
    Rect lacks(int tile, Rect otherwise) {
        return touches(tile) ? lacks[tile] : otherwise;
    }

    /// What each tile lacks after the copy.
    Rect[] lacks(Rect[] otherwise) {
        Rect[] all = new Rect[otherwise.length];
        Arrays.setAll(all, tile -> lacks(tile, otherwise[tile]));
        return all;
    }
}
