package dev.nearhand.app.session;

import dev.nearhand.capture.codec.EncodedFrame;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.pipeline.StageTimings;
import dev.nearhand.capture.screen.CursorSource;
import dev.nearhand.capture.screen.Monitor;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.tiles.VideoMap;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The screen for anybody who watches: captured and encoded once, sent to every output. Nothing is captured while there
/// is no output.
///
/// Whoever watches sees the same frames, so a key frame for one is one for all. The cursor is not in the picture. Every
/// method may be called from any thread.
public final class ScreenBroadcast implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScreenBroadcast.class);

    /// Where the frames go. Called by the encode thread; must not block it.
    @FunctionalInterface
    public interface Output {
        /// @param frame borrowed until the call returns
        /// @param rtpTimestamp media time on the 90 kHz clock, the low 32 bits count
        void frame(ByteBuffer frame, long rtpTimestamp);
    }

    private final VideoCodec codec;
    private final HostConfig config;
    private final HostDevices devices;
    private final Consumer<String> failed;
    private final Counters counters = new Counters();
    private final StageTimings timings = new StageTimings();
    private final RateMeter frames = new RateMeter();
    private final RateMeter bytes = new RateMeter();
    private final long startNanos = System.nanoTime();
    /// As many as the server that adds them allows.
    private final List<Output> outputs = new CopyOnWriteArrayList<>();

    private volatile Rect shared = Rect.ofSize(0, 0);
    private @Nullable ScreenStream stream;
    private boolean closed;

    /// @param failed told when the screen cannot be captured or encoded any more, with a sentence for a person
    public ScreenBroadcast(VideoCodec codec, HostConfig config, HostDevices devices, Consumer<String> failed) {
        this.codec = codec;
        this.config = config;
        this.devices = devices;
        this.failed = failed;
    }

    /// Begins to send to `output`, with a key frame.
    public synchronized void add(Output output) {
        if (closed) {
            return;
        }
        outputs.add(output);
        ScreenStream running = stream;
        if (running == null) {
            LOG.info("somebody watches");
            running = new ScreenStream(devices, codec, config, null, new StreamSink(), timings, counters);
            stream = running;
            running.start();
        }
        running.requestKeyframe();
    }

    /// Sends no more to `output`. Removing what is not there does no harm.
    public void remove(Output output) {
        ScreenStream idle = null;
        synchronized (this) {
            if (outputs.remove(output) && outputs.isEmpty()) {
                idle = stream;
                stream = null;
            }
        }
        if (idle != null) {
            LOG.info("nobody watches any more");
            SessionThreads.start("broadcast-idle", idle::stop);
        }
    }

    /// Somebody needs a key frame.
    public void requestKeyframe() {
        ScreenStream running;
        synchronized (this) {
            running = stream;
        }
        if (running != null) {
            running.requestKeyframe();
        }
    }

    /// How many watch now.
    public int outputs() {
        return outputs.size();
    }

    /// Frames and bytes as they are encoded, once, however many watch.
    public SessionStats stats() {
        long now = System.nanoTime();
        Rect place = shared;
        return new SessionStats(
                Duration.ofNanos(now - startNanos),
                place.width(),
                place.height(),
                frames.perSecond(now),
                bytes.perSecond(now) * 8 / 1000.0,
                Duration.ZERO,
                "",
                Stages.millis(timings),
                counters.snapshot());
    }

    /// Ends it, and waits for that.
    @Override
    public void close() {
        ScreenStream running;
        synchronized (this) {
            closed = true;
            running = stream;
            stream = null;
            outputs.clear();
        }
        if (running != null) {
            running.stop();
        }
    }

    private final class StreamSink implements ScreenStream.Sink {
        @Override
        public void screen(List<Monitor> monitors, Rect place) {
            shared = place;
        }

        @Override
        public void cursor(CursorSource source) {
            source.close(); // there is no way for it beside the picture
        }

        @Override
        public void frame(EncodedFrame frame, Optional<VideoMap> none) {
            long now = System.nanoTime();
            frames.add(now, 1);
            bytes.add(now, frame.sizeBytes());
            counters.count("frames.sent");
            long timestamp = HostSession.rtpTimestamp(frame.captureNanos());
            outputs.forEach(output -> output.frame(frame.data().duplicate(), timestamp));
        }

        @Override
        public void ended(String reason) {
            failed.accept(reason);
        }
    }
}
