package dev.nearhand.app.session;

import dev.nearhand.capture.codec.CodecException;
import dev.nearhand.capture.codec.DecodeResult;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.codec.EncodedFrame;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.pipeline.EncodedQueue;
import dev.nearhand.capture.pipeline.StageTimings;
import dev.nearhand.capture.pipeline.StageTimings.Stage;
import dev.nearhand.capture.tiles.MalformedTilesException;
import dev.nearhand.capture.tiles.VideoMap;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The decode thread: decodes every frame in order and shows the newest picture. When it falls behind, pictures that
/// have a successor already are decoded but not shown, at most [#SKIP_LIMIT_NANOS] long.
final class PictureThread {
    private static final Logger LOG = LoggerFactory.getLogger(PictureThread.class);
    /// Two seconds at 60 frames a second: later than that nobody wants to see them.
    private static final int QUEUE_LIMIT = 120;

    private static final Duration POLL = Duration.ofSeconds(60);
    private static final long SKIP_LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long REQUEST_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long STOP_LIMIT_MILLIS = 3_000;

    private final Function<VideoCodec, VideoDecoder> decoders;
    private final VideoCodec expected;
    private final boolean mapped;
    private final Surface surface;
    private final Runnable requestKeyframe;
    private final Runnable firstShown;
    private final Consumer<String> failed;
    private final StageTimings timings;
    private final Counters counters;
    private final RateMeter frames = new RateMeter();
    private final RateMeter bytes = new RateMeter();
    private final EncodedQueue queue;
    private final Thread thread;
    private volatile int width;
    private volatile int height;
    private long shownNanos;
    private long requestedNanos = System.nanoTime() - REQUEST_EVERY_NANOS;

    /// Where pictures go, on the decode thread; borrowed until the call returns.
    @FunctionalInterface
    interface Surface {
        /// @param map what came behind the frame
        void show(DecodedPicture picture, Optional<VideoMap> map);
    }

    /// @param mapped whether a frame may have a map of tiles behind it
    /// @param expected whose decoder is ready when the first frame comes; another one is opened when it is needed
    /// @param decoders may throw `CodecException`
    /// @param firstShown called after every picture; does something after the first
    /// @param failed told once when nothing can be decoded here, with a sentence for a person
    PictureThread(
            VideoCodec expected,
            Function<VideoCodec, VideoDecoder> decoders,
            boolean mapped,
            Surface surface,
            Runnable requestKeyframe,
            Runnable firstShown,
            Consumer<String> failed,
            StageTimings timings,
            Counters counters) {
        this.expected = expected;
        this.decoders = decoders;
        this.mapped = mapped;
        this.surface = surface;
        this.requestKeyframe = requestKeyframe;
        this.firstShown = firstShown;
        this.failed = failed;
        this.timings = timings;
        this.counters = counters;
        this.queue = new EncodedQueue(QUEUE_LIMIT, requestKeyframe);
        this.thread = Thread.ofPlatform().daemon().name("nearhand-decode").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// A frame has arrived; the connection's thread. The buffer goes over to this object.
    void offer(VideoCodec codec, ByteBuffer frame, boolean keyframe) {
        long now = System.nanoTime();
        counters.count("frames.received");
        counters.count("frames.receivedBytes", frame.remaining());
        bytes.add(now, frame.remaining());
        queue.offer(new EncodedFrame(codec, frame, keyframe, now, 0, 0, 0, false));
    }

    void stop() {
        queue.close();
        thread.interrupt();
        SessionThreads.join(thread, STOP_LIMIT_MILLIS);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    double framesPerSecond(long now) {
        return frames.perSecond(now);
    }

    double bytesPerSecond(long now) {
        return bytes.perSecond(now);
    }

    private void run() {
        VideoDecoder open = null;
        try {
            open = decoders.apply(expected);
            while (!Thread.currentThread().isInterrupted()) {
                Optional<EncodedFrame> frame = queue.take(POLL);
                if (frame.isPresent()) {
                    VideoCodec codec = frame.get().codec();
                    if (open.codec() != codec) {
                        LOG.info("the picture comes in {} now", codec.rtpName());
                        open.close();
                        open = decoders.apply(codec);
                    }
                    decode(open, frame.get());
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (CodecException failure) {
            LOG.info("no picture can be decoded: {}", failure.getMessage());
            failed.accept(String.valueOf(failure.getMessage()));
        } catch (RuntimeException | LinkageError failure) {
            LOG.error("the decode thread has failed", failure);
            failed.accept("Decoding the picture has failed; the log says where.");
        } finally {
            if (open != null) {
                open.close();
            }
        }
        counters.count("frames.dropped", queue.dropped());
    }

    private void decode(VideoDecoder open, EncodedFrame frame) {
        long begin = System.nanoTime();
        timings.record(Stage.RECEIVE, begin - frame.captureNanos());
        ByteBuffer data = frame.data();
        Optional<VideoMap> map = Optional.empty();
        if (mapped) {
            try {
                VideoMap.Split split = VideoMap.split(data);
                data = split.frame();
                map = split.map();
            } catch (MalformedTilesException bad) {
                counters.count("tiles.malformed");
                LOG.debug("a frame with a bad map: {}", bad.getMessage());
                askForKeyframe();
                return;
            }
        }
        switch (open.decode(data)) {
            case DecodeResult.Picture(DecodedPicture picture) -> {
                try (picture) {
                    timings.record(Stage.DECODE, System.nanoTime() - begin);
                    show(picture, map);
                }
            }
            case DecodeResult.NoPicture() -> counters.count("frames.withoutPicture");
            case DecodeResult.Broken(String reason) -> {
                counters.count("frames.broken");
                LOG.debug("a frame cannot be decoded: {}", reason);
                askForKeyframe();
            }
        }
    }

    private void show(DecodedPicture picture, Optional<VideoMap> map) {
        long now = System.nanoTime();
        counters.count("frames.decoded");
        if (queue.size() > 0 && now - shownNanos < SKIP_LIMIT_NANOS) {
            counters.count("frames.skipped");
            return;
        }
        width = picture.width();
        height = picture.height();
        frames.add(now, 1);
        shownNanos = now;
        surface.show(picture, map);
        timings.record(Stage.PRESENT, System.nanoTime() - now);
        counters.count("frames.shown");
        firstShown.run();
    }

    private void askForKeyframe() {
        long now = System.nanoTime();
        if (now - requestedNanos >= REQUEST_EVERY_NANOS) {
            requestedNanos = now;
            requestKeyframe.run();
        }
    }
}
