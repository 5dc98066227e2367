package dev.nearhand.app.session;

import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.tiles.MalformedTilesException;
import dev.nearhand.capture.tiles.TileGrid;
import dev.nearhand.capture.tiles.TileSource;
import dev.nearhand.capture.tiles.VideoMap;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The host's second way for the picture: decides what travels as tiles. A small change leaves at once, on the capture
/// thread, without waiting for an encoder; what has been still for [#STILL_NANOS] becomes exact in what the window of
/// bytes leaves free. Everything else is the video's.
///
/// Nothing waits here: what cannot be sent now stays with the [TileSource] and is taken anew from a newer picture.
/// Any thread. Those of the capture and the encode thread exclude each other, and take their time; none of the others
/// waits, as it may be the connection's.
final class TileCarrier implements AutoCloseable {
    static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final Logger LOG = LoggerFactory.getLogger(TileCarrier.class);
    /// A change of more pixels is the video's: coding it would take longer than encoding it.
    private static final long SMALL_AREA = 160_000;
    /// What a small change may be at most, coded.
    private static final int SMALL_BYTES = 24 << 10;
    /// A change of so few pixels travels as tiles even where it moves, if that takes no more than [#LITTLE_BYTES]: a
    /// cursor that blinks, a clock, a letter held down.
    private static final long LITTLE_AREA = 16_384;

    private static final int LITTLE_BYTES = 4 << 10;

    /// A message of what moved may have so much, and so many of them may follow for what the viewer lacks besides.
    private static final int MOVE_BYTES = 32 << 10;

    private static final int MOVE_MESSAGES = 6;
    private static final int ARRIVED_LIMIT = 1024;
    /// Nothing is added while more than this waits to be sent: a letter would wait behind it.
    private static final long WAITING_LIMIT_BYTES = 16 << 10;

    private static final int SETTLE_BYTES = 12 << 10;
    private static final int SETTLE_TILES = 96;
    /// The video moves: it has had a frame so lately.
    private static final long MOTION_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private final PeerLink link;
    private final Counters counters;
    private final RateMeter bytes;
    private final Runnable changed;
    private final TileWindow window = new TileWindow();
    /// What has come and was not looked at; more than an honest viewer has to say ends the tiles.
    private final BlockingQueue<Arrived> arrived = new ArrayBlockingQueue<>(ARRIVED_LIMIT);
    private final AtomicBoolean wanted = new AtomicBoolean();
    private volatile boolean open;
    private volatile boolean moves;
    private volatile int pointerX;
    private volatile int pointerY;
    private int epoch;
    private @Nullable TileSource source;
    private long videoNanos = System.nanoTime() - MOTION_NANOS;

    private record Arrived(ByteBuffer message, long nanos) {}

    /// @param changed called when more can be sent, or nothing any more
    TileCarrier(PeerLink link, Counters counters, RateMeter bytes, Runnable changed) {
        this.link = link;
        this.counters = counters;
        this.bytes = bytes;
        this.changed = changed;
    }

    /// Whether the viewer knows moves; before the channel can be used.
    void moves(boolean known) {
        moves = known;
    }

    /// The channel can be used.
    void opened() {
        open = true;
        wanted.set(true);
        LOG.info("the picture travels as tiles and as video");
        changed.run();
    }

    /// It cannot any more: the video is all there is.
    void closed() {
        if (!open) {
            return;
        }
        open = false;
        wanted.set(false);
        LOG.info("the picture travels as video alone");
        changed.run();
    }

    /// Whether a frame is needed although nothing changes, to begin with; once.
    boolean takeWanted() {
        return wanted.getAndSet(false);
    }

    boolean isOpen() {
        return open;
    }

    /// Where the viewer's pointer is: what is near to it becomes sharp first.
    void pointer(int x, int y) {
        pointerX = x;
        pointerY = y;
    }

    /// Looks at a new frame, and sends what is small; the capture thread.
    synchronized SeenFrame see(ScreenFrame frame) {
        long now = System.nanoTime();
        takeAnswers();
        TileSource tiles = sourceFor(frame);
        if (tiles == null) {
            return SeenFrame.plain(frame);
        }
        TileSource.Change change = tiles.take(frame, now);
        boolean video = change.tiles().length > 0 && !sendMove(tiles, change, now) && !sendSmall(tiles, change, now);
        return new SeenFrame(frame, tiles, change, video);
    }

    private @Nullable TileSource sourceFor(ScreenFrame frame) {
        TileSource tiles = source;
        if (open
                && tiles != null
                && tiles.grid().width() == frame.width()
                && tiles.grid().height() == frame.height()) {
            return tiles;
        }
        close();
        if (!open || !TileGrid.fits(frame.width(), frame.height())) {
            return null;
        }
        TileSource made = new TileSource(++epoch, new TileGrid(frame.width(), frame.height()), moves);
        if (!link.sendTiles(made.gridMessage())) {
            made.close();
            return null; // with the next frame again
        }
        source = made;
        return made;
    }

    /// @return whether all of the change travels as a copy and what does not fit into it
    private boolean sendMove(TileSource tiles, TileSource.Change change, long now) {
        if (!change.moved()) {
            return false;
        }
        if (!hasRoom(tiles, now)) {
            counters.count("tiles.noRoom");
            return false;
        }
        Optional<TileSource.Prepared> update = tiles.prepareMove(change, room(tiles));
        boolean sent = update.isPresent() && send(tiles, update.get(), "tiles.moves", now);
        // what the viewer had no copy of to move: now, if the path bears it, and from then on it takes part
        for (int more = 0; sent && more < MOVE_MESSAGES && hasRoom(tiles, now); more++) {
            int[] lacking = Arrays.stream(change.tiles()).filter(tiles::lacks).toArray();
            Optional<TileSource.Prepared> rest = tiles.prepare(lacking, room(tiles), false);
            sent = rest.isPresent() && send(tiles, rest.get(), "tiles.moves", now);
        }
        return Arrays.stream(change.tiles()).noneMatch(tiles::lacks);
    }

    private int room(TileSource tiles) {
        return Math.clamp(window.bytes() - tiles.unacknowledgedBytes(), LITTLE_BYTES, MOVE_BYTES);
    }

    private boolean hasRoom(TileSource tiles, long now) {
        return link.tilesWaiting() <= WAITING_LIMIT_BYTES
                && window.hasRoom(tiles.unacknowledgedBytes(), tiles.oldestNanos(now), 1);
    }

    /// @return whether nothing of the change is left for the video
    private boolean sendSmall(TileSource tiles, TileSource.Change change, long now) {
        if (change.area() > SMALL_AREA) {
            return false;
        }
        boolean little = change.area() <= LITTLE_AREA;
        int[] quiet = Arrays.stream(change.tiles())
                .filter(tile -> !tiles.moves(tile, now))
                .toArray();
        int[] still = little ? change.tiles() : quiet;
        boolean all = still.length == change.tiles().length;
        if (still.length == 0) {
            return false;
        }
        if (!hasRoom(tiles, now)) {
            counters.count("tiles.noRoom");
            return false;
        }
        int limit = still.length == quiet.length ? SMALL_BYTES : LITTLE_BYTES;
        Optional<TileSource.Prepared> update = tiles.prepare(still, Math.min(limit, window.bytes() / 2), true);
        return update.isPresent() && send(tiles, update.get(), "tiles.small", now) && all;
    }

    private boolean send(TileSource tiles, TileSource.Prepared update, String kind, long now) {
        if (!link.sendTiles(update.message())) {
            counters.count("tiles.noRoom");
            return false;
        }
        tiles.sent(update, now);
        bytes.add(now, update.sizeBytes());
        counters.count(kind);
        counters.count("tiles.sent", update.tiles().length);
        counters.count("tiles.sentBytes", update.sizeBytes());
        return true;
    }

    /// Sends some of what has settled, if there is room.
    ///
    /// @return in how many nanoseconds there may be more to do; `Long.MAX_VALUE` when something has to happen first
    synchronized long settle() {
        long now = System.nanoTime();
        takeAnswers();
        TileSource tiles = source;
        if (!open || tiles == null || tiles.lackingTiles() == 0) {
            return Long.MAX_VALUE;
        }
        long due = tiles.settlesInNanos(now, STILL_NANOS);
        if (due > 0) {
            return due;
        }
        int share = now - videoNanos < MOTION_NANOS ? 4 : 1;
        if (link.tilesWaiting() > WAITING_LIMIT_BYTES
                || !window.hasRoom(tiles.unacknowledgedBytes(), tiles.oldestNanos(now), share)) {
            return TimeUnit.MILLISECONDS.toNanos(10);
        }
        int[] settled = tiles.settled(now, STILL_NANOS, pointerX, pointerY);
        int[] some = Arrays.copyOf(settled, Math.min(settled.length, SETTLE_TILES));
        Optional<TileSource.Prepared> update = tiles.prepare(some, SETTLE_BYTES + SETTLE_BYTES / 4, false);
        boolean sent = update.isPresent() && send(tiles, update.get(), "tiles.settling", now);
        return sent ? 0 : TimeUnit.MILLISECONDS.toNanos(20);
    }

    /// Whether so much is still to become exact that the video should go on improving meanwhile.
    synchronized boolean leavesMuchToVideo() {
        TileSource tiles = source;
        return !open || tiles == null || tiles.lackingTiles() > tiles.grid().count() / 4;
    }

    /// What a frame of video says of the tiles; empty when the viewer knows of none.
    synchronized Optional<VideoMap> map(SeenFrame shown) {
        videoNanos = System.nanoTime();
        TileSource of = shown.source();
        TileSource.Change change = shown.change();
        return of == null || change == null ? Optional.empty() : Optional.of(of.map(change, open && of == source));
    }

    /// What came from the viewer; the buffer goes over to this object.
    void receive(ByteBuffer message) {
        if (!open) {
            return;
        }
        if (!arrived.offer(new Arrived(message, System.nanoTime()))) {
            refuse("too much at once");
        }
        changed.run();
    }

    private void takeAnswers() {
        for (Arrived answer = arrived.poll(); answer != null; answer = arrived.poll()) {
            TileSource tiles = source;
            if (!open || tiles == null) {
                continue;
            }
            long before = tiles.unacknowledgedBytes();
            long nanos = answer.nanos();
            try {
                tiles.acknowledged(answer.message(), nanos)
                        .ifPresent(took -> window.acknowledged(before - tiles.unacknowledgedBytes(), took, nanos));
            } catch (MalformedTilesException bad) {
                refuse(String.valueOf(bad.getMessage()));
            }
        }
    }

    private void refuse(String why) {
        LOG.info("the viewer sends no tiles' answer: {}", why);
        counters.count("tiles.malformed");
        link.closeTiles();
        closed();
    }

    @Override
    public synchronized void close() {
        TileSource tiles = source;
        source = null;
        if (tiles != null) {
            tiles.close();
        }
    }
}
