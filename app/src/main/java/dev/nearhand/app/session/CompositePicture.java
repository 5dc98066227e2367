package dev.nearhand.app.session;

import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.pipeline.StageTimings;
import dev.nearhand.capture.pipeline.StageTimings.Stage;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.tiles.MalformedTilesException;
import dev.nearhand.capture.tiles.TileCompositor;
import dev.nearhand.capture.tiles.VideoMap;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The viewer's picture out of video and tiles. The decode thread brings the video; tiles have a thread of their own,
/// so that a letter waits neither for a decoder nor on the connection's thread. While there are no tiles, video is
/// passed on as it comes.
final class CompositePicture {
    private static final Logger LOG = LoggerFactory.getLogger(CompositePicture.class);
    /// An honest host has less on its way; when there is more, tiles are given up and video goes on.
    private static final int QUEUE_LIMIT = 512;

    private static final long STOP_LIMIT_MILLIS = 3_000;

    private final PeerLink link;
    private final ViewerListener listener;
    private final StageTimings timings;
    private final Counters counters;
    private final RateMeter pictures;
    private final RateMeter bytes;
    private final BlockingQueue<Arrived> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private @Nullable TileCompositor compositor;
    private @Nullable Thread thread;
    private boolean stopped;

    private record Arrived(ByteBuffer message, long nanos) {}

    CompositePicture(
            PeerLink link,
            ViewerListener listener,
            StageTimings timings,
            Counters counters,
            RateMeter pictures,
            RateMeter bytes) {
        this.link = link;
        this.listener = listener;
        this.timings = timings;
        this.counters = counters;
        this.pictures = pictures;
        this.bytes = bytes;
    }

    /// The channel can be used; the connection's thread.
    synchronized void opened() {
        if (thread == null && !stopped) {
            compositor = new TileCompositor();
            thread = SessionThreads.start("tiles", this::run);
        }
    }

    /// A message has come; the connection's thread. The buffer goes over to this object.
    void offer(ByteBuffer message) {
        long now = System.nanoTime();
        counters.count("tiles.messages");
        counters.count("tiles.receivedBytes", message.remaining());
        bytes.add(now, message.remaining());
        if (!queue.offer(new Arrived(message, now))) {
            giveUp("more of them come than can be taken");
        }
    }

    /// The channel is gone, or its messages cannot be understood.
    synchronized void closed() {
        TileCompositor open = compositor;
        if (open != null) {
            open.forget();
        }
        queue.clear();
    }

    private void giveUp(String why) {
        LOG.info("no tiles any more: {}", why);
        counters.count("tiles.givenUp");
        link.closeTiles(); // the host sends a key frame then
        closed();
    }

    void stop() {
        Thread running;
        synchronized (this) {
            stopped = true;
            running = thread;
        }
        if (running != null) {
            running.interrupt();
            SessionThreads.join(running, STOP_LIMIT_MILLIS);
        }
    }

    /// The decode thread.
    void video(DecodedPicture picture, Optional<VideoMap> map) {
        synchronized (this) {
            TileCompositor open = compositor;
            if (open == null) {
                listener.onPicture(picture);
                return;
            }
            open.video(picture.bgra(), picture.width(), picture.height(), picture.strideBytes(), map);
            try (DecodedPicture composed = composed(open)) {
                listener.onPicture(composed);
            }
        }
    }

    private static DecodedPicture composed(TileCompositor open) {
        return new DecodedPicture(open.width(), open.height(), open.strideBytes(), false, open.bgra(), () -> {});
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Arrived arrived = queue.take();
                long begin = System.nanoTime();
                receive(arrived.message());
                timings.record(Stage.TILES, System.nanoTime() - begin);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.error("the thread of tiles has failed", failure);
            giveUp("a failure");
        } finally {
            synchronized (this) {
                TileCompositor open = compositor;
                compositor = null;
                if (open != null) {
                    open.close();
                }
            }
        }
    }

    private void receive(ByteBuffer message) {
        try {
            synchronized (this) {
                TileCompositor open = compositor;
                if (open == null) {
                    return;
                }
                TileCompositor.Outcome outcome = open.receive(message);
                show(open, outcome.changed());
                outcome.ack().ifPresent(link::sendTiles);
            }
        } catch (MalformedTilesException bad) {
            counters.count("tiles.malformed");
            giveUp(String.valueOf(bad.getMessage()));
        }
    }

    private void show(TileCompositor open, List<Rect> changed) {
        if (changed.isEmpty()) {
            return;
        }
        counters.count("tiles.shown", changed.size());
        pictures.add(System.nanoTime(), 1);
        try (DecodedPicture composed = composed(open)) {
            listener.onPlaces(composed, changed);
        }
    }
}
