package dev.nearhand.app.session;

import dev.nearhand.capture.codec.EncodedFrame;
import dev.nearhand.capture.codec.EncoderConfig;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoEncoder;
import dev.nearhand.capture.pipeline.LatestSlot;
import dev.nearhand.capture.pipeline.StageTimings;
import dev.nearhand.capture.pipeline.StageTimings.Stage;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.tiles.VideoMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the encode thread does: the encoder of the present size, the newest frame and what of it the video does not
/// show yet, how far the video is from settled, and in between the tiles that settle.
final class ScreenEncoding implements AutoCloseable {
    /// So often a still picture is encoded again at most.
    static final int REFINEMENTS_LIMIT = 30;

    private static final Logger LOG = LoggerFactory.getLogger(ScreenEncoding.class);
    private static final long REFINE_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(80);
    private static final long FOR_EVER_NANOS = TimeUnit.DAYS.toNanos(1);
    /// Two frames differ by at least one tick of the media clock.
    private static final long STAMP_STEP_NANOS = 20_000;
    /// More rectangles become one around all.
    private static final int UNSHOWN_LIMIT = 64;

    private final VideoCodec codec;
    private final HostDevices.Encoders encoders;
    private final int framesPerSecond;
    private final IntSupplier targetBps;
    private final LatestSlot<SeenFrame> slot;
    private final @Nullable TileCarrier tiles;
    private final ScreenStream.Sink sink;
    private final StageTimings timings;
    private final Counters counters;
    private final long intervalNanos;

    private @Nullable VideoEncoder encoder;
    private @Nullable SeenFrame newest;
    /// What the encoder encoded last.
    private @Nullable SeenFrame encoded;
    /// Where the newest frame differs from what the encoder has.
    private final List<Rect> unshown = new ArrayList<>();
    private boolean videoWanted;
    private boolean settled = true;
    private int refinements;
    private long encodedNanos = System.nanoTime() - FOR_EVER_NANOS;
    private long lastStampNanos = Long.MIN_VALUE;
    private long settleInNanos = FOR_EVER_NANOS;

    ScreenEncoding(
            VideoCodec codec,
            HostDevices.Encoders encoders,
            int framesPerSecond,
            IntSupplier targetBps,
            LatestSlot<SeenFrame> slot,
            @Nullable TileCarrier tiles,
            ScreenStream.Sink sink,
            StageTimings timings,
            Counters counters) {
        this.codec = codec;
        this.encoders = encoders;
        this.framesPerSecond = framesPerSecond;
        this.targetBps = targetBps;
        this.slot = slot;
        this.tiles = tiles;
        this.sink = sink;
        this.timings = timings;
        this.counters = counters;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / framesPerSecond;
    }

    /// When there is something to do although nothing new has come.
    long waitNanos() {
        long wait = refinable() ? refineDueInNanos() : FOR_EVER_NANOS;
        if (videoWanted) {
            wait = Math.min(wait, encodeDueInNanos());
        }
        return Math.clamp(settleInNanos, 0, wait);
    }

    private long encodeDueInNanos() {
        // with tiles more is captured than is to be encoded
        return tiles == null ? 0 : Math.max(0, encodedNanos + intervalNanos - System.nanoTime());
    }

    private long refineDueInNanos() {
        return Math.max(0, encodedNanos + REFINE_AFTER_NANOS - System.nanoTime());
    }

    private boolean refinable() {
        return !settled && refinements < REFINEMENTS_LIMIT && (tiles == null || tiles.leavesMuchToVideo());
    }

    /// @param keyframeWanted cleared when a key frame is made
    void step(AtomicBoolean keyframeWanted) {
        slot.poll().ifPresent(this::take);
        SeenFrame present = newest;
        videoWanted |= keyframeWanted.get();
        boolean due = videoWanted ? encodeDueInNanos() == 0 : refinable() && refineDueInNanos() == 0;
        if (present != null && due) {
            show(present, keyframeWanted);
        }
        settleInNanos = tiles == null ? FOR_EVER_NANOS : tiles.settle();
    }

    private void take(SeenFrame frame) {
        SeenFrame older = newest;
        boolean resized = older == null
                || older.frame().width() != frame.frame().width()
                || older.frame().height() != frame.frame().height();
        newest = frame;
        if (older != null) {
            older.close();
        }
        if (resized) {
            unshown.clear();
            unshown.add(Rect.ofSize(frame.frame().width(), frame.frame().height()));
        } else {
            unshown.addAll(frame.frame().changed());
            if (unshown.size() > UNSHOWN_LIMIT) {
                Rect all = unshown.stream().reduce(Rect.ofSize(0, 0), Rect::boundsWith);
                unshown.clear();
                unshown.add(all);
            }
        }
        videoWanted |= frame.video() || resized;
    }

    /// Encodes what the video does not show yet, or the same once more and better.
    private void show(SeenFrame present, AtomicBoolean keyframeWanted) {
        VideoEncoder current = encoderFor(present.frame());
        boolean fresh = videoWanted;
        if (keyframeWanted.getAndSet(false)) {
            current.forceKeyframe();
            refinements = 0;
        }
        if (unshown.isEmpty()) {
            refinements++;
            refine(current);
        } else {
            refinements = 0;
            encode(current, present, fresh);
        }
        videoWanted = false;
    }

    private void encode(VideoEncoder current, SeenFrame present, boolean fresh) {
        ScreenFrame frame = present.frame();
        long begin = System.nanoTime();
        if (fresh) {
            timings.record(Stage.CAPTURE, begin - frame.captureNanos());
        }
        // owns nothing: the newest frame stays open
        ScreenFrame view = new ScreenFrame(
                frame.width(),
                frame.height(),
                frame.strideBytes(),
                frame.bgra(),
                unshown,
                stamp(frame.captureNanos()),
                () -> {});
        EncodedFrame made = current.encode(view);
        unshown.clear();
        encoded = present;
        deliver(made, begin);
    }

    private void refine(VideoEncoder current) {
        long begin = System.nanoTime();
        current.refine(stamp(begin)).ifPresentOrElse(made -> deliver(made, begin), () -> settled = true);
    }

    private long stamp(long nanos) {
        lastStampNanos = lastStampNanos == Long.MIN_VALUE ? nanos : Math.max(nanos, lastStampNanos + STAMP_STEP_NANOS);
        return lastStampNanos;
    }

    private void deliver(EncodedFrame made, long begin) {
        long end = System.nanoTime();
        timings.record(Stage.ENCODE, end - begin);
        settled = made.settled();
        encodedNanos = begin;
        SeenFrame shown = encoded;
        Optional<VideoMap> map = tiles == null || shown == null ? Optional.empty() : tiles.map(shown);
        sink.frame(made, map);
        timings.record(Stage.SEND, System.nanoTime() - end);
    }

    private VideoEncoder encoderFor(ScreenFrame frame) {
        VideoEncoder current = encoder;
        if (current != null
                && current.config().width() == frame.width()
                && current.config().height() == frame.height()) {
            current.targetBitrateBps(targetBps.getAsInt());
            return current;
        }
        closeEncoder();
        VideoEncoder made = encoders.open(
                codec, new EncoderConfig(frame.width(), frame.height(), targetBps.getAsInt(), framesPerSecond));
        LOG.info("encoding {}x{} with {}", frame.width(), frame.height(), made.name());
        counters.count("encoders.opened");
        encoder = made;
        return made;
    }

    private void closeEncoder() {
        VideoEncoder current = encoder;
        encoder = null;
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void close() {
        closeEncoder();
        SeenFrame last = newest;
        newest = null;
        if (last != null) {
            last.close();
        }
    }
}
