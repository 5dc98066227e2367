package dev.nearhand.transport.interop;

import dev.nearhand.transport.api.VideoTrack;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Plays a recording of a synthetic picture in a loop, from its beginning when a key frame is asked for.
final class Player implements AutoCloseable {
    private static final Duration FRAME = Duration.ofMillis(66);

    private final VideoTrack track;
    private final List<byte[]> frames = Ivf.frames(ForeignPrograms.resource("quadrants.ivf"));
    private final AtomicBoolean keyframeWanted = new AtomicBoolean();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private int next;

    Player(VideoTrack track) {
        this.track = track;
        track.onKeyframeRequest(() -> keyframeWanted.set(true));
    }

    VideoTrack track() {
        return track;
    }

    void start() {
        clock.scheduleAtFixedRate(this::frame, 0, FRAME.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void frame() {
        if (keyframeWanted.getAndSet(false)) {
            next = 0;
        }
        track.write(ByteBuffer.wrap(frames.get(next++ % frames.size())), FRAME);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
