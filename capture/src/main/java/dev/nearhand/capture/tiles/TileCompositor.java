package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The viewer's side: keeps a copy of each tile as the updates make it, and lays copies and video over each other so
/// that each place shows the newest pixels that have come.
///
/// A copy is shown while it is as new as the newest frame of video demands of it ([VideoMap]); otherwise the frame is.
/// Which of both comes first does not matter: an update that is late is taken into its copy and not shown, and a frame
/// that overtakes an update shows until the update is there. One thread at a time.
public final class TileCompositor implements AutoCloseable {
    private static final ValueLayout.OfInt BGRA = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PatchCoder coder = new PatchCoder();
    private final Unpacking unpacking = new Unpacking();
    private TileCopies grid = TileCopies.NONE;
    private Canvas canvas = new Canvas(0, 0);
    private @Nullable VideoMap map;

    /// What is shown: 4 bytes a pixel, blue, green, red, 255.
    private static final class Canvas {
        final int width;
        final int height;
        final MemorySegment bgra;

        Canvas(int width, int height) {
            this.width = width;
            this.height = height;
            bgra = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(width * height * 4));
        }

        int strideBytes() {
            return width * 4;
        }
    }

    /// @param changed where the picture differs from before
    /// @param ack what to answer, if anything
    public record Outcome(List<Rect> changed, Optional<ByteBuffer> ack) {}

    public int width() {
        return canvas.width;
    }

    public int height() {
        return canvas.height;
    }

    public int strideBytes() {
        return canvas.strideBytes();
    }

    /// The picture, row after row; changes with the next call of any method.
    public MemorySegment bgra() {
        return canvas.bgra;
    }

    /// Takes a message of the channel for tiles.
    ///
    /// @throws MalformedTilesException when no honest host sends such a thing; nothing that follows may be shown
    public Outcome receive(ByteBuffer message) throws MalformedTilesException {
        return switch (TileMessage.decodeAtViewer(message, unpacking)) {
            case TileMessage.Grid(int epoch, TileGrid shape) -> {
                if (epoch <= grid.epoch) {
                    throw new MalformedTilesException("a grid that was there before");
                }
                grid = new TileCopies(epoch, shape);
                yield new Outcome(List.of(), Optional.empty());
            }
            case TileMessage.Update update -> update(update);
            case TileMessage.Moves moves -> moves(moves);
            case TileMessage.Ack _ -> throw new MalformedTilesException("no message for a viewer");
        };
    }

    private Outcome update(TileMessage.Update update) throws MalformedTilesException {
        TileCopies into = grid;
        into.number(update.epoch(), update.number());
        Map<Integer, Rect> written = new HashMap<>();
        coder.decodeAll(into.shape, source(update.raw()), writing(into, written));
        List<Rect> changed = new ArrayList<>();
        written.forEach((tile, patch) -> {
            boolean before = isShown(tile);
            into.seq[tile] = Math.max(into.seq[tile], update.seq());
            redraw(tile, patch, before, changed);
        });
        return outcome(changed, update.epoch(), update.number());
    }

    private Outcome moves(TileMessage.Moves moves) throws MalformedTilesException {
        TileCopies into = grid;
        into.number(moves.epoch(), moves.number());
        ByteSource in = source(moves.raw());
        List<Copy> copies = MoveCoder.decodeCopies(in, into.shape);
        boolean[] exact = MoveCoder.decodeExact(in, into.shape);
        Map<Integer, Rect> written = new HashMap<>();
        for (Copy copy : copies) {
            into.make(copy);
            for (int tile : into.shape.under(copy.target())) {
                written.merge(tile, into.shape.place(tile).intersection(copy.target()), Rect::boundsWith);
            }
        }
        coder.decodeAll(into.shape, in, writing(into, written));
        for (int tile = 0; tile < exact.length; tile++) {
            if (exact[tile] && !written.containsKey(tile)) {
                throw new MalformedTilesException("a tile becomes exact of which nothing came");
            }
        }
        List<Rect> changed = new ArrayList<>();
        written.forEach((tile, patch) -> {
            boolean before = isShown(tile);
            // what is not exact now is of no capture at all
            into.seq[tile] = exact[tile] ? Math.max(into.seq[tile], moves.seq()) : 0;
            redraw(tile, patch, before, changed);
        });
        return outcome(changed, moves.epoch(), moves.number());
    }

    private static ByteSource source(byte[] raw) {
        return new ByteSource(raw, 0, raw.length);
    }

    private static PatchCoder.Target writing(TileCopies into, Map<Integer, Rect> written) {
        return new PatchCoder.Target() {
            @Override
            public int[] tile(int tile) {
                return into.copy(tile);
            }

            @Override
            public void written(int tile, Rect patch) {
                written.merge(tile, patch, Rect::boundsWith);
            }
        };
    }

    private static Outcome outcome(List<Rect> changed, int epoch, int number) {
        return new Outcome(changed, Optional.of(TileMessage.encode(new TileMessage.Ack(epoch, number))));
    }

    /// @param before whether its copy was shown until now; if not, all of it was video
    private void redraw(int tile, Rect patch, boolean before, List<Rect> changed) {
        if (isShown(tile)) {
            Rect part = before ? patch : grid.shape.place(tile);
            draw(tile, part);
            changed.add(part);
        }
    }

    /// Whether the copy is what is to be seen of the tile.
    private boolean isShown(int tile) {
        VideoMap demands = map;
        return demands != null
                && demands.epoch() == grid.epoch
                && demands.leastSeq().length == grid.seq.length
                && canvas.width == grid.shape.width()
                && canvas.height == grid.shape.height()
                && grid.seq[tile] > 0
                && grid.seq[tile] >= demands.leastSeq()[tile];
    }

    private void draw(int tile, Rect part) {
        int[] copy = grid.copies[tile];
        if (copy == null) {
            throw new IllegalStateException("a tile that never came is shown");
        }
        Rect place = grid.shape.place(tile);
        for (int y = part.y(); y < part.bottom(); y++) {
            MemorySegment.copy(
                    copy,
                    (y - place.y()) * TileGrid.SIDE + part.x() - place.x(),
                    canvas.bgra,
                    BGRA,
                    (long) y * canvas.strideBytes() + part.x() * 4L,
                    part.width());
        }
    }

    /// Takes a frame of video. What it changes is anywhere.
    ///
    /// @param bgra pixels of `height` rows of `strideBytes`
    /// @param demands what came with it; nothing when it is all there is
    public void video(MemorySegment bgra, int width, int height, int strideBytes, Optional<VideoMap> demands) {
        if (canvas.width != width || canvas.height != height) {
            canvas = new Canvas(width, height);
        }
        map = demands.orElse(null);
        TileGrid shape = grid.shape;
        if (width != shape.width() || height != shape.height() || grid.epoch < 0) {
            copyRows(bgra, strideBytes, 0, 0, width, height);
            return;
        }
        // runs of tiles that are video, so that few long rows are copied instead of many short ones
        for (int row = 0; row < shape.rows(); row++) {
            int column = 0;
            while (column < shape.columns()) {
                int tile = row * shape.columns() + column;
                if (isShown(tile)) {
                    draw(tile, shape.place(tile));
                    column++;
                    continue;
                }
                Rect run = shape.place(tile);
                while (++column < shape.columns() && !isShown(row * shape.columns() + column)) {
                    run = run.boundsWith(shape.place(row * shape.columns() + column));
                }
                copyRows(bgra, strideBytes, run.x(), run.y(), run.width(), run.height());
            }
        }
    }

    private void copyRows(MemorySegment bgra, int strideBytes, int x, int y, int width, int height) {
        for (int row = y; row < y + height; row++) {
            MemorySegment.copy(
                    bgra,
                    (long) row * strideBytes + x * 4L,
                    canvas.bgra,
                    (long) row * canvas.strideBytes() + x * 4L,
                    width * 4L);
        }
    }

    /// The channel is gone: copies are forgotten, and the next frame of video is all that is shown.
    public void forget() {
        grid = TileCopies.NONE;
    }

    @Override
    public void close() {
        unpacking.close();
    }
}
