package dev.nearhand.app.session;

import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.pipeline.StageTimings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches a feed: decodes what comes and shows the newest picture. As [ViewerSession], without the other side's being
/// able to say anything: a feed that is still may send nothing for hours, so only the connection tells whether it
/// lives.
///
/// Every method may be called from any thread. Ends once, with a reason.
public final class PictureWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PictureWatch.class);

    private final VideoFeed feed;
    private final ViewerListener listener;
    private final Counters counters = new Counters();
    private final StageTimings timings = new StageTimings();
    private final long startNanos = System.nanoTime();
    private final PictureThread pictures;
    private final AtomicBoolean over = new AtomicBoolean();

    private volatile ViewerState state = ViewerState.CONNECTING;

    /// Listens to `feed` from now on.
    ///
    /// @param decoders called by the decode thread; may throw `CodecException`
    public PictureWatch(Function<VideoCodec, VideoDecoder> decoders, VideoFeed feed, ViewerListener listener) {
        this.feed = feed;
        this.listener = listener;
        this.pictures = new PictureThread(
                VideoCodec.VP8,
                decoders,
                false,
                (picture, _) -> listener.onPicture(picture),
                feed::requestKeyframe,
                this::goLive,
                this::stop,
                timings,
                counters);
        feed.listen(new FeedEvents());
        pictures.start();
    }

    public SessionStats stats() {
        long now = System.nanoTime();
        LinkStats received = feed.stats();
        var counts = counters.snapshot();
        received.counters().forEach((counter, count) -> counts.put("link." + counter, count));
        return new SessionStats(
                Duration.ofNanos(now - startNanos),
                pictures.width(),
                pictures.height(),
                pictures.framesPerSecond(now),
                pictures.bytesPerSecond(now) * 8 / 1000.0,
                received.roundTrip(),
                received.path(),
                Stages.millis(timings),
                counts);
    }

    /// Ends; returns at once.
    ///
    /// @param reason a sentence for a person
    public void stop(String reason) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        LOG.info("the watch ends: {}", reason);
        feed.close();
        SessionThreads.start("watch-end", () -> {
            pictures.stop();
            synchronized (this) {
                state = ViewerState.ENDED;
            }
            listener.onState(ViewerState.ENDED, reason);
        });
    }

    @Override
    public void close() {
        stop("You have disconnected.");
    }

    private void goLive() {
        changeState(ViewerState.CONNECTING, ViewerState.LIVE, "Connected; the picture is encrypted on its way.");
    }

    private synchronized void changeState(ViewerState from, ViewerState to, String sentence) {
        if (state == from && !over.get()) {
            state = to;
            listener.onState(to, sentence);
        }
    }

    /// What comes over the feed, on the connection's thread.
    private final class FeedEvents implements VideoFeed.Events {
        @Override
        public void onState(PeerLink.State now, String reason) {
            switch (now) {
                case CONNECTING -> {}
                case CONNECTED -> {
                    changeState(ViewerState.SILENT, ViewerState.LIVE, "Connected again.");
                    if (state == ViewerState.CONNECTING) {
                        listener.onState(ViewerState.CONNECTING, "Connected; waiting for the first picture …");
                    }
                }
                case DISCONNECTED ->
                    changeState(ViewerState.LIVE, ViewerState.SILENT, "The connection is interrupted; waiting for it.");
                case FAILED -> stop("The connection is lost: " + reason);
                case CLOSED -> stop("The other side has ended it.");
            }
        }

        @Override
        public void onVideo(VideoCodec codec, ByteBuffer frame, boolean keyframe) {
            pictures.offer(codec, frame, keyframe);
        }
    }
}
