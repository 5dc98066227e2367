package dev.nearhand.app.session;

import dev.nearhand.capture.codec.EncodedFrame;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.pipeline.LatestSlot;
import dev.nearhand.capture.pipeline.StageTimings;
import dev.nearhand.capture.screen.CaptureOptions;
import dev.nearhand.capture.screen.CaptureResult;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.CursorSource;
import dev.nearhand.capture.screen.Monitor;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenCapture;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.screen.ScreenSource;
import dev.nearhand.capture.tiles.VideoMap;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The screen as a stream of encoded frames: the capture thread puts what changed into a slot that keeps the newest,
/// the encode thread takes it from there. A still picture is refined until it has settled, at most
/// [ScreenEncoding#REFINEMENTS_LIMIT] times, and then nothing is captured, encoded or sent until something changes or a
/// key frame is asked for.
///
/// Knows nothing of viewers: what comes out goes to a [Sink].
final class ScreenStream {
    private static final Logger LOG = LoggerFactory.getLogger(ScreenStream.class);
    private static final int TILES_FRAMES_PER_SECOND = 120;
    private static final Duration CAPTURE_TIMEOUT = Duration.ofMillis(500);
    private static final long MONITORS_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STOP_LIMIT_MILLIS = 3_000;
    /// Between two captures of what moves, at least.
    private static final long MOTION_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1) / 60;

    private static final long MOTION_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long TURN_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /// Where the stream goes. Called by the capture thread and the encode thread.
    interface Sink {
        /// The picture has this size from now on.
        ///
        /// @param shared the place of the picture on the desktop
        void screen(List<Monitor> monitors, Rect shared);

        /// A cursor that comes apart from the pictures; closed by the receiver.
        void cursor(CursorSource cursor);

        /// @param map what the frame says of the tiles beside it
        void frame(EncodedFrame frame, Optional<VideoMap> map);

        /// It is over.
        ///
        /// @param reason a sentence for a person
        void ended(String reason);
    }

    private final Supplier<ScreenSource> screen;
    private final HostDevices.Encoders encoders;
    private final VideoCodec codec;
    private final HostConfig config;
    private final @Nullable TileCarrier tiles;
    private final Sink sink;
    private final StageTimings timings;
    private final Counters counters;
    private final LatestSlot<SeenFrame> slot = new LatestSlot<>(SeenFrame::takeOver);
    private final Semaphore work = new Semaphore(0);
    private final AtomicBoolean keyframeWanted = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile int targetBps;
    /// Frames that were captured; written by the capture thread only.
    private volatile long offered;
    /// How many of them the encode thread has looked at, and is done with.
    private volatile long looked;

    private volatile boolean stopping;
    private @Nullable Thread captureThread;
    private @Nullable Thread encodeThread;

    /// @param tiles the second way for the picture; null where there is none
    ScreenStream(
            HostDevices devices,
            VideoCodec codec,
            HostConfig config,
            @Nullable TileCarrier tiles,
            Sink sink,
            StageTimings timings,
            Counters counters) {
        this.screen = devices.screen();
        this.encoders = devices.encoder();
        this.codec = codec;
        this.config = config;
        this.targetBps = config.bitrateBps();
        this.tiles = tiles;
        this.sink = sink;
        this.timings = timings;
        this.counters = counters;
    }

    synchronized void start() {
        if (captureThread == null && !stopping) {
            captureThread = SessionThreads.start("capture", () -> guarded(this::capture));
            encodeThread = SessionThreads.start("encode", () -> guarded(this::encode));
        }
    }

    /// The next frame will be a key frame, and there will be one soon even when nothing changes.
    void requestKeyframe() {
        counters.count("frames.keyframeRequests");
        keyframeWanted.set(true);
        work.release();
    }

    /// The path takes this much: the encoder keeps to it from its next frame on, and to what was configured.
    ///
    /// @param bps bits per second
    void limitBitrate(long bps) {
        targetBps = Math.clamp(bps, 1, config.bitrateBps());
    }

    /// Ends both threads and waits for that.
    void stop() {
        Thread capturing;
        Thread encoding;
        synchronized (this) {
            stopping = true;
            capturing = captureThread;
            encoding = encodeThread;
        }
        work.release();
        if (capturing != null) {
            SessionThreads.join(capturing, STOP_LIMIT_MILLIS);
        }
        if (encoding != null) {
            SessionThreads.join(encoding, STOP_LIMIT_MILLIS);
        }
        slot.close();
    }

    private void guarded(Runnable body) {
        try {
            body.run();
        } catch (RuntimeException | LinkageError failure) {
            // CaptureException and CodecException say what to do; anything else is a bug, and its trace is needed
            if (failure.getClass().getName().startsWith("dev.nearhand.capture.")) {
                LOG.info("the screen stream ends: {}", failure.getMessage());
                end(String.valueOf(failure.getMessage()));
            } else {
                LOG.error("the screen stream has failed", failure);
                end("Reading or encoding the screen has failed; the log says where.");
            }
        }
    }

    private void end(String reason) {
        stopping = true;
        work.release();
        if (over.compareAndSet(false, true)) {
            sink.ended(reason);
        }
    }

    private void capture() {
        try (ScreenSource source = screen.get();
                ScreenCapture capture = source.open(config.target(), options())) {
            LOG.info("capturing {}", source.name());
            announce(source, capture.width(), capture.height());
            source.openCursor().ifPresent(sink::cursor);
            long monitorsAsked = System.nanoTime();
            while (!stopping) {
                if (tiles != null && tiles.takeWanted()) {
                    capture.refresh();
                }
                switch (capture.next(CAPTURE_TIMEOUT)) {
                    case CaptureResult.Frame(ScreenFrame frame) -> {
                        counters.count("frames.captured");
                        long capturedNanos = frame.captureNanos();
                        SeenFrame seen = tiles == null ? SeenFrame.plain(frame) : tiles.see(frame);
                        boolean moves = tiles != null && seen.video();
                        slot.offer(seen);
                        long number = offered + 1;
                        offered = number;
                        work.release();
                        if (moves) {
                            awaitVideosTurn(capturedNanos, number);
                        }
                    }
                    case CaptureResult.Unchanged() -> {}
                    case CaptureResult.Reinit(String reason, int width, int height) -> {
                        LOG.info("the picture is now {}x{}: {}", width, height, reason);
                        announce(source, width, height);
                    }
                    case CaptureResult.Gone(String reason) -> {
                        end("The shared screen is gone: " + reason + ".");
                        return;
                    }
                }
                if (System.nanoTime() - monitorsAsked > MONITORS_EVERY_NANOS) {
                    monitorsAsked = System.nanoTime();
                    if (source.changed()) {
                        announce(source, capture.width(), capture.height());
                    }
                }
            }
        }
    }

    /// What moves is the video's: to capture it again before the encode thread has had this would only cost, and what
    /// is captured right after that is as fresh as can be.
    private void awaitVideosTurn(long capturedNanos, long frame) {
        long earliest = capturedNanos + MOTION_INTERVAL_NANOS;
        long latest = capturedNanos + MOTION_PATIENCE_NANOS;
        for (long now = System.nanoTime();
                !stopping && now < latest && (now < earliest || looked < frame);
                now = System.nanoTime()) {
            LockSupport.parkNanos(Math.max(TURN_CHECK_NANOS, earliest - now));
        }
    }

    /// What travels as tiles need not wait for the video's turn. One frame more than usual is out: the newest, for a
    /// key frame while nothing changes.
    private CaptureOptions options() {
        int framesPerSecond = tiles == null ? config.framesPerSecond() : TILES_FRAMES_PER_SECOND;
        return new CaptureOptions(
                Math.max(framesPerSecond, config.framesPerSecond()),
                CaptureOptions.defaults().frames() + 1);
    }

    /// The encode thread may have something to do.
    void wake() {
        work.release();
    }

    private void announce(ScreenSource source, int width, int height) {
        List<Monitor> monitors = source.monitors();
        Rect place =
                switch (config.target()) {
                    case CaptureTarget.WholeDesktop() ->
                        monitors.stream().map(Monitor::bounds).reduce(Rect.ofSize(0, 0), Rect::boundsWith);
                    case CaptureTarget.OneMonitor(Monitor shared) ->
                        monitors.stream()
                                .filter(monitor -> monitor.id() == shared.id())
                                .findFirst()
                                .orElse(shared)
                                .bounds();
                };
        sink.screen(monitors, new Rect(place.x(), place.y(), width, height));
    }

    private void encode() {
        try (ScreenEncoding encoding = new ScreenEncoding(
                codec, encoders, config.framesPerSecond(), () -> targetBps, slot, tiles, sink, timings, counters)) {
            while (!stopping) {
                if (work.tryAcquire(encoding.waitNanos(), TimeUnit.NANOSECONDS)) {
                    work.drainPermits();
                }
                if (!stopping) {
                    long before = offered;
                    encoding.step(keyframeWanted);
                    looked = before;
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
