package dev.nearhand.app.bench;

import java.lang.foreign.MemorySegment;

/// The eye on the viewer's display, and the finger: it reads pixels and clicks. One thread.
final class Watcher implements AutoCloseable {
    private final MemorySegment display;
    private final int width;
    private final int height;

    Watcher(String displayName) {
        display = X11.open(displayName);
        width = X11.width(display);
        height = X11.height(display);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int[] readAll() {
        return X11.read(display, 0, 0, width, height);
    }

    /// The row at the height of the markers, from the middle of the marker to the middle of the last cell.
    int[] readRow(PicturePlace place) {
        int from = place.x(Stimulus.MARKER.centreX());
        int to = place.x(Stimulus.cell(Stimulus.CELLS - 1).centreX());
        int y = place.y(Stimulus.MARKER.centreY());
        if (from < 0 || to < from || to >= width || y < 0 || y >= height) {
            throw new BenchException("the picture of the host is partly outside the viewer's display");
        }
        return X11.read(display, from, y, to - from + 1, 1);
    }

    static boolean markerIsWhite(int[] row) {
        return luma(row[0]) >= 128;
    }

    /// The number that the strip shows.
    static int picture(int[] row, PicturePlace place) {
        int from = place.x(Stimulus.MARKER.centreX());
        int number = 0;
        for (int cell = 0; cell < Stimulus.CELLS; cell++) {
            int at = place.x(Stimulus.cell(cell).centreX()) - from;
            if (luma(row[at]) >= 128) {
                number |= 1 << cell;
            }
        }
        return number;
    }

    static int luma(int rgb) {
        return ((rgb >> 16 & 255) * 77 + (rgb >> 8 & 255) * 151 + (rgb & 255) * 28) >> 8;
    }

    void movePointer(int x, int y) {
        X11.movePointer(display, x, y);
    }

    void button(boolean down) {
        X11.button(display, 1, down);
    }

    @Override
    public void close() {
        X11.close(display);
    }
}
