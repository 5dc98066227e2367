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

    private record Sent(int number, int bytes, long nanos, int[] tiles, long seq) {}

    /// An update that can be sent. It counts as sent with [#sent].
    ///
    /// @param tiles which
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
    /// @param changedSeq by tile, the capture that changed it last, as of this frame
    public record Change(long seq, int[] tiles, long area, long[] changedSeq) {}

    private final int epoch;
    private final TileGrid grid;
    private final SeenPicture seen;
    private final long[] changedSeq;
    private final long[] changedNanos;
    private final long[] sentSeq;
    private final long[] ackedSeq;
    private final Rect[] lacking;
    private final TileMotion motion;
    private final PatchCoder coder = new PatchCoder();
    private final Packing packing = new Packing();
    private final ByteSink raw = new ByteSink(64 * 1024);
    private final ByteSink message = new ByteSink(64 * 1024);
    /// Whose rectangles are in `raw`.
    private final List<Integer> preparedTiles = new ArrayList<>();
    private final Deque<Sent> unacknowledged = new ArrayDeque<>();
    private long unacknowledgedBytes;
    private long seq;
    private int number;
    private int lackingTiles;

    /// @param epoch counts the grids of a session
    public TileSource(int epoch, TileGrid grid) {
        this.epoch = epoch;
        this.grid = grid;
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
        int[] tiles = new int[damage.length];
        int count = 0;
        long area = 0;
        for (int tile = 0; tile < damage.length; tile++) {
            if (damage[tile].isEmpty()) {
                continue;
            }
            Rect change = seen.take(frame, damage[tile]);
            if (first) {
                change = damage[tile]; // what was seen before was nothing, not black
            }
            if (!change.isEmpty()) {
                area += change.area();
                tiles[count++] = tile;
                changed(tile, change, nowNanos);
            }
        }
        return new Change(seq, Arrays.copyOf(tiles, count), area, changedSeq.clone());
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

    private void changed(int tile, Rect change, long nowNanos) {
        motion.changed(tile, change.area() * 4 >= grid.place(tile).area(), nowNanos);
        changedSeq[tile] = seq;
        changedNanos[tile] = nowNanos;
        if (lacking[tile].isEmpty()) {
            lackingTiles++;
        }
        lacking[tile] = lacking[tile].boundsWith(change);
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
        int budget = Math.min(budgetBytes, TileMessage.SIZE_LIMIT) - TileMessage.UPDATE_HEADER;
        int count = Math.min(encode(tiles, rawLimit(budget, all)), tiles.length);
        while (count > 0) {
            message.clear();
            int body = message.reserve(TileMessage.UPDATE_HEADER) + TileMessage.UPDATE_HEADER;
            boolean packed = packing.pack(raw.bytes(), raw.size(), message);
            if (!packed) {
                int at = message.reserve(raw.size());
                System.arraycopy(raw.bytes(), 0, message.bytes(), at, raw.size());
            }
            if (message.size() - body <= budget) {
                return Optional.of(prepared(packed));
            }
            if (all) {
                return Optional.empty();
            }
            count /= 2;
            encode(Arrays.copyOf(tiles, count), Integer.MAX_VALUE);
        }
        return Optional.empty();
    }

    /// All or nothing: what is many times as long before it is shortened does not fit afterwards. Some of many: what
    /// fits for sure, and often more.
    private static int rawLimit(int budget, boolean all) {
        return Math.min(all ? 16 * budget : 4 * budget, Packing.RAW_LIMIT - 4 * TileGrid.SIDE * TileGrid.SIDE);
    }

    /// @return of how many of `tiles` the rectangles are in `raw` now; more than there are when it is all and more
    private int encode(int[] tiles, int limit) {
        raw.clear();
        preparedTiles.clear();
        for (int index = 0; index < tiles.length; index++) {
            int tile = tiles[index];
            if (lacking[tile].isEmpty()) {
                continue;
            }
            if (raw.size() > limit) {
                return index;
            }
            coder.encode(grid, tile, lacking[tile], seen.pixels(), raw);
            preparedTiles.add(tile);
        }
        return raw.size() == 0 ? 0 : tiles.length;
    }

    private Prepared prepared(boolean packed) {
        byte[] bytes = Arrays.copyOf(message.bytes(), message.size());
        ByteBuffer out = ByteBuffer.wrap(bytes);
        out.put((byte) TileMessage.UPDATE).putInt(epoch).putInt(number + 1).putLong(seq);
        out.putInt(packed ? raw.size() : 0).rewind();
        return new Prepared(
                out, preparedTiles.stream().mapToInt(Integer::intValue).toArray(), seq);
    }

    /// `update`, which was prepared last, is on its way.
    public void sent(Prepared update, long nowNanos) {
        number++;
        for (int tile : update.tiles()) {
            sentSeq[tile] = update.seq();
            lacking[tile] = NOTHING;
            lackingTiles--;
        }
        unacknowledged.add(new Sent(number, update.sizeBytes(), nowNanos, update.tiles(), update.seq()));
        unacknowledgedBytes += update.sizeBytes();
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
        packing.close();
    }
}
