package dev.nearhand.transport.interop.matrix;

import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.api.VideoTrack;
import dev.nearhand.transport.interop.Recordings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Plays the recording of four coloured quarters in a loop, from its beginning when a key frame is asked for.
public final class Player implements AutoCloseable {
    private static final Duration FRAME = Duration.ofMillis(66);

    private final VideoTrack track;
    private final List<byte[]> frames;
    private final AtomicBoolean keyframeWanted = new AtomicBoolean();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private int next;

    /// Adds the track, for the next offer or answer.
    public Player(PeerConnection connection, VideoCodec codec) {
        track = connection.addVideoTrack("film", codec);
        frames = Recordings.of(codec);
        track.onKeyframeRequest(() -> keyframeWanted.set(true));
    }

    public void start() {
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
