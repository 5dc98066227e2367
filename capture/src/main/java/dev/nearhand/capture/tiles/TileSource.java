package dev.nearhand.capture.tiles;

import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The host's side: finds the tiles that changed, codes what is to be sent of them, and knows what the viewer holds.
///
/// For each tile it keeps what of it the viewer's copy lacks; an update brings the copy up to date with the newest
/// picture. What is not sent stays lacking and is taken anew from a newer picture: nothing waits in a queue. The
/// updates travel in order and without loss, so the copies are known without being asked for; what has been
/// acknowledged says only how much is on its way.
///
/// Decides nothing about when to send; one thread at a time; [#close] frees the coder.
public final class TileSource implements AutoCloseable {
    /// An update that the viewer has not acknowledged, at most so many; then nothing is coded.
    static final int UNACKNOWLEDGED_LIMIT = 256;

    private static final Rect NOTHING = Rect.ofSize(0, 0);

    /// Damage of fewer pixels is coded as quickly as it is searched for what has moved.
    private static final long MOVE_AREA = 16_384;

    private record Sent(int number, int bytes, long nanos, int[] tiles, long seq) {}

    /// An update that can be sent. It counts as sent with [#sent].
    ///
    /// @param tiles which of them are exact afterwards
    /// @param seq the capture that it shows
    public record Prepared(ByteBuffer message, int[] tiles, long seq) {
        public int sizeBytes() {
            return message.remaining();
        }
    }

    /// What a frame has changed.
    ///
    /// @param seq its number
    /// @param tiles which tiles, ascending
    /// @param area pixels of the rectangles around the changes
    /// @param moved whether much of it was elsewhere before, so that [#prepareMove] may do
    /// @param changedSeq by tile, the capture that changed it last, as of this frame
    public record Change(long seq, int[] tiles, long area, boolean moved, long[] changedSeq) {}

    private final int epoch;
    private final TileGrid grid;
    private final SeenPicture seen;
    private final @Nullable ScrollDetector detector;
    private final long[] changedSeq;
    private final long[] changedNanos;
    private final long[] sentSeq;
    private final long[] ackedSeq;
    private final Rect[] lacking;
    private final TileMotion motion;
    private final UpdateCoder coder;
    private final Deque<Sent> unacknowledged = new ArrayDeque<>();
    private long unacknowledgedBytes;
    private long seq;
    private int number;
    private int lackingTiles;
    /// Of the newest picture, until something has been sent since.
    private @Nullable Move move;
    /// Whether what was prepared last is `move`.
    private boolean movePrepared;

    /// @param epoch counts the grids of a session
    /// @param moves whether the viewer knows [TileMessage.Moves]
    public TileSource(int epoch, TileGrid grid, boolean moves) {
        detector = moves ? new ScrollDetector() : null;
        this.epoch = epoch;
        this.grid = grid;
        coder = new UpdateCoder(epoch, grid);
        int count = grid.count();
        seen = new SeenPicture(grid.width(), grid.height());
        changedSeq = new long[count];
        changedNanos = new long[count];
        sentSeq = new long[count];
        ackedSeq = new long[count];
        lacking = new Rect[count];
        motion = new TileMotion(count);
        for (int tile = 0; tile < count; tile++) {
            lacking[tile] = grid.place(tile);
        }
        lackingTiles = count;
    }

    public TileGrid grid() {
        return grid;
    }

    /// What the viewer is to be told before anything else.
    public ByteBuffer gridMessage() {
        return TileMessage.encode(new TileMessage.Grid(epoch, grid));
    }

    /// Takes a frame of the grid's size: the parts that it says have changed, and all of the first one.
    public Change take(ScreenFrame frame, long nowNanos) {
        boolean first = seq == 0;
        seq++;
        Rect[] damage = first ? wholes() : damage(frame);
        Move moved = first ? null : moveIn(frame);
        move = moved;
        int[] tiles = new int[damage.length];
        int count = 0;
        long area = 0;
        for (int tile = 0; tile < damage.length; tile++) {
            if (damage[tile].isEmpty()) {
                continue;
            }
            Rect change;
            Rect left;
            if (moved != null && moved.touches(tile)) {
                change = take(frame, tile, damage[tile], moved);
                left = moved.lacks(tile, change);
            } else {
                change = seen.take(frame, damage[tile]);
                change = first ? damage[tile] : change; // what was seen before was nothing, not black
                left = change;
            }
            if (!change.isEmpty()) {
                area += change.area();
                tiles[count++] = tile;
                changed(tile, change, left, nowNanos);
            }
        }
        if (moved != null) {
            seen.takeAll(frame, moved.copy.target());
        }
        return new Change(seq, Arrays.copyOf(tiles, count), area, moved != null, changedSeq.clone());
    }

    /// What of the frame was elsewhere before, if anything; of the largest rectangle that was drawn.
    private @Nullable Move moveIn(ScreenFrame frame) {
        if (detector == null) {
            return null;
        }
        Rect picture = Rect.ofSize(grid.width(), grid.height());
        Rect largest = NOTHING;
        for (Rect drawn : frame.changed()) {
            Rect inside = drawn.intersection(picture);
            largest = inside.area() > largest.area() ? inside : largest;
        }
        if (largest.area() < MOVE_AREA) {
            return null;
        }
        return detector.find(frame, seen, largest)
                .map(found -> new Move(found, grid, frame, seen, lacking))
                .orElse(null);
    }

    private Rect take(ScreenFrame frame, int tile, Rect damage, Move moved) {
        Rect outside = NOTHING;
        for (Rect piece : moved.outside(tile, damage)) {
            outside = outside.boundsWith(seen.take(frame, piece));
        }
        moved.changedOutside(tile, outside);
        return outside.boundsWith(moved.changedInside(tile));
    }

    private Rect[] wholes() {
        Rect[] places = new Rect[grid.count()];
        Arrays.setAll(places, grid::place);
        return places;
    }

    /// By tile, the part of it that was drawn on.
    private Rect[] damage(ScreenFrame frame) {
        Rect[] parts = new Rect[grid.count()];
        Arrays.fill(parts, NOTHING);
        Rect picture = Rect.ofSize(grid.width(), grid.height());
        for (Rect drawn : frame.changed()) {
            Rect inside = drawn.intersection(picture);
            if (inside.isEmpty()) {
                continue;
            }
            for (int row = inside.y() / TileGrid.SIDE; row <= (inside.bottom() - 1) / TileGrid.SIDE; row++) {
                for (int column = inside.x() / TileGrid.SIDE;
                        column <= (inside.right() - 1) / TileGrid.SIDE;
                        column++) {
                    int tile = row * grid.columns() + column;
                    parts[tile] = parts[tile].boundsWith(inside.intersection(grid.place(tile)));
                }
            }
        }
        return parts;
    }

    /// @param left what the viewer's copy would have to be sent; no more than that makes it motion
    private void changed(int tile, Rect change, Rect left, long nowNanos) {
        motion.changed(tile, left.area() * 4 >= grid.place(tile).area(), nowNanos);
        changedSeq[tile] = seq;
        changedNanos[tile] = nowNanos;
        lacks(tile, lacking[tile].boundsWith(change));
    }

    /// Codes these tiles, up to the newest picture.
    ///
    /// @param tiles in the order of their importance; those that lack nothing are left out
    /// @param budgetBytes of the message
    /// @param all whether nothing is to be sent unless all of them fit; otherwise as many as fit
    /// @return empty when there is nothing to send, it does not fit, or too much is unacknowledged
    public Optional<Prepared> prepare(int[] tiles, int budgetBytes, boolean all) {
        if (unacknowledged.size() >= UNACKNOWLEDGED_LIMIT) {
            return Optional.empty();
        }
        movePrepared = false;
        int budget = Math.min(budgetBytes, TileMessage.SIZE_LIMIT) - TileMessage.UPDATE_HEADER;
        int count = Math.min(coder.encode(tiles, lacking, seen.pixels(), rawLimit(budget, all)), tiles.length);
        while (!coder.coded().isEmpty()) {
            if (coder.packUpdate(number + 1, seq) <= budget) {
                return Optional.of(prepared(coder.coded()));
            }
            if (all) {
                return Optional.empty();
            }
            count /= 2;
            coder.encode(Arrays.copyOf(tiles, count), lacking, seen.pixels(), Integer.MAX_VALUE);
        }
        return Optional.empty();
    }

    /// Codes what has moved in the newest picture as a copy, with as much as fits of what the tiles that it touches or
    /// that have changed lack afterwards.
    ///
    /// @param change of the newest picture
    /// @param budgetBytes of the message
    /// @return empty when nothing has moved, something was sent since, the copy itself does not fit, or too much is
    ///     unacknowledged
    public Optional<Prepared> prepareMove(Change change, int budgetBytes) {
        Move moved = move;
        if (moved == null || change.seq() != seq || unacknowledged.size() >= UNACKNOWLEDGED_LIMIT) {
            return Optional.empty();
        }
        movePrepared = true;
        Rect[] lacks = moved.lacks(lacking);
        int[] tiles = IntStream.concat(Arrays.stream(change.tiles()), Arrays.stream(grid.under(moved.copy.target())))
                .distinct()
                .sorted()
                .toArray();
        if (moved.copy.dy() < 0) {
            reverse(tiles); // what stays lacking is moved out of the picture, and not into what has become exact
        }
        int budget = Math.min(budgetBytes, TileMessage.SIZE_LIMIT) - TileMessage.UPDATE_HEADER;
        int count = coder.encode(tiles, lacks, seen.pixels(), rawLimit(budget, false));
        while (true) {
            List<Integer> exact = new ArrayList<>(coder.coded());
            Arrays.stream(tiles).filter(tile -> lacks[tile].isEmpty()).forEach(exact::add);
            exact.sort(null);
            if (coder.packMoves(number + 1, seq, List.of(moved.copy), ints(exact)) <= budget) {
                return Optional.of(prepared(exact));
            }
            if (count == 0) {
                return Optional.empty();
            }
            count /= 2;
            coder.encode(Arrays.copyOf(tiles, count), lacks, seen.pixels(), Integer.MAX_VALUE);
        }
    }

    private static void reverse(int[] tiles) {
        for (int i = 0, last = tiles.length - 1; i < last; i++, last--) {
            int tile = tiles[i];
            tiles[i] = tiles[last];
            tiles[last] = tile;
        }
    }

    /// All or nothing: what is many times as long before it is shortened does not fit afterwards. Some of many: what
    /// fits for sure, and often more.
    private static int rawLimit(int budget, boolean all) {
        return Math.min(all ? 16 * budget : 4 * budget, Packing.RAW_LIMIT - 8 * TileGrid.SIDE * TileGrid.SIDE);
    }

    private Prepared prepared(List<Integer> exact) {
        return new Prepared(coder.message(), ints(exact), seq);
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    /// `update`, which was prepared last, is on its way.
    public void sent(Prepared update, long nowNanos) {
        number++;
        Move made = movePrepared ? move : null;
        move = null; // what the viewer has is another picture now
        if (made != null) {
            for (int tile : grid.under(made.copy.target())) {
                lacks(tile, made.lacks(tile, NOTHING));
                sentSeq[tile] = 0; // it shows nothing of what is not exact
            }
        }
        for (int tile : update.tiles()) {
            sentSeq[tile] = update.seq();
            lacks(tile, NOTHING);
        }
        unacknowledged.add(new Sent(number, update.sizeBytes(), nowNanos, update.tiles(), update.seq()));
        unacknowledgedBytes += update.sizeBytes();
    }

    private void lacks(int tile, Rect part) {
        lackingTiles += (part.isEmpty() ? 0 : 1) - (lacking[tile].isEmpty() ? 0 : 1);
        lacking[tile] = part;
    }

    /// What came from the viewer.
    ///
    /// @return how long the newest of what it acknowledges was on its way and back, nanoseconds; empty when it
    ///     acknowledges nothing
    /// @throws MalformedTilesException when it is no acknowledgement of anything that was sent
    public Optional<Long> acknowledged(ByteBuffer bytes, long nowNanos) throws MalformedTilesException {
        TileMessage.Ack ack = TileMessage.decodeAtHost(bytes);
        if (ack.epoch() != epoch) {
            return Optional.empty(); // of an earlier grid
        }
        if (ack.number() > number) {
            throw new MalformedTilesException("acknowledges what was never sent");
        }
        Optional<Long> took = Optional.empty();
        while (!unacknowledged.isEmpty() && unacknowledged.getFirst().number() <= ack.number()) {
            Sent arrived = unacknowledged.removeFirst();
            unacknowledgedBytes -= arrived.bytes();
            for (int tile : arrived.tiles()) {
                ackedSeq[tile] = Math.max(ackedSeq[tile], arrived.seq());
            }
            took = Optional.of(nowNanos - arrived.nanos());
        }
        return took;
    }

    /// Bytes of updates on their way.
    public long unacknowledgedBytes() {
        return unacknowledgedBytes;
    }

    /// How long the oldest update has been on its way; 0 when none is.
    public long oldestNanos(long nowNanos) {
        return unacknowledged.isEmpty()
                ? 0
                : nowNanos - unacknowledged.getFirst().nanos();
    }

    /// Of how many tiles the viewer's copy lacks something.
    public int lackingTiles() {
        return lackingTiles;
    }

    public boolean lacks(int tile) {
        return !lacking[tile].isEmpty();
    }

    /// Whether the tile changes as a film does: much of it, again and again.
    public boolean moves(int tile, long nowNanos) {
        return motion.moves(tile, nowNanos);
    }

    /// Tiles that lack something and have been still for so long, the most recently changed first, and of those that
    /// changed together the nearest to a point.
    public int[] settled(long nowNanos, long stillNanos, int pointerX, int pointerY) {
        return SettleOrder.of(grid, lacking, changedNanos, nowNanos, stillNanos, pointerX, pointerY);
    }

    /// In how many nanoseconds [#settled] will answer a tile more, at least 0; `Long.MAX_VALUE` when none is left.
    public long settlesInNanos(long nowNanos, long stillNanos) {
        long soonest = Long.MAX_VALUE;
        if (lackingTiles > 0) {
            for (int tile = 0; tile < lacking.length; tile++) {
                if (!lacking[tile].isEmpty()) {
                    soonest = Math.min(soonest, Math.max(0, changedNanos[tile] + stillNanos - nowNanos));
                }
            }
        }
        return soonest;
    }

    /// What a frame of video that shows the capture of `change` is to say.
    ///
    /// @param withTiles whether tiles are shown at all; otherwise the frame is all there is
    public VideoMap map(Change change, boolean withTiles) {
        long[] least = new long[grid.count()];
        for (int tile = 0; tile < least.length; tile++) {
            long changed = change.changedSeq()[tile];
            least[tile] = !withTiles || sentSeq[tile] < changed
                    ? change.seq()
                    : ackedSeq[tile] >= changed ? VideoMap.HELD : changed;
        }
        return new VideoMap(epoch, change.seq(), least);
    }

    @Override
    public void close() {
        coder.close();
    }
}
