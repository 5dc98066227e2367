package dev.nearhand.transport.api;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Video that this side sends: whole encoded frames go in.
///
/// Methods may be called from any thread, frames of one track from one thread at a time.
public final class VideoTrack {
    /// What may wait for the loop; a frame beyond is dropped, and a key frame asked for.
    static final long PENDING_LIMIT_BYTES = 16 << 20;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int CLOCK_RATE = 90_000;

    private final PeerConnection connection;
    private final int handle;
    private final String name;
    private final AtomicLong pendingBytes = new AtomicLong();
    private volatile VideoCodec codec;
    private volatile boolean sending;
    private volatile @Nullable Runnable keyframeCallback;
    private volatile @Nullable LongConsumer targetCallback;

    // of the thread that writes
    private final long firstTimestamp = ThreadLocalRandom.current().nextLong(1L << 32);
    private long mediaNanos;

    VideoTrack(PeerConnection connection, int handle, String name, VideoCodec codec) {
        this.connection = connection;
        this.handle = handle;
        this.name = name;
        this.codec = codec;
    }

    /// The name it was added with; the other side sees it as the track's id.
    public String name() {
        return name;
    }

    /// What its frames have to be in: the one of those it was added with that both sides agree on, the first of them
    /// until that is known. It may become another one when descriptions are exchanged again; a key frame is asked
    /// for then.
    public VideoCodec codec() {
        return codec;
    }

    /// Whether the other side has accepted the track and the connection stands: frames written before are dropped.
    public boolean isSending() {
        return sending;
    }

    /// Sends one encoded frame, shown for `duration`. Copies it; does not wait.
    public void write(ByteBuffer frame, Duration duration) {
        // from the sum, so that rounding does not add up
        long timestamp = firstTimestamp
                + mediaNanos / NANOS_PER_SECOND * CLOCK_RATE
                + mediaNanos % NANOS_PER_SECOND * CLOCK_RATE / NANOS_PER_SECOND;
        mediaNanos += duration.toNanos();
        write(frame, timestamp);
    }

    /// Sends one encoded frame with its own media time on the 90 kHz clock. Copies it; does not wait.
    ///
    /// @param rtpTimestamp the low 32 bits count; it may start anywhere
    public void write(ByteBuffer frame, long rtpTimestamp) {
        int size = frame.remaining();
        if (!sending || size == 0) {
            return;
        }
        if (pendingBytes.addAndGet(size) > PENDING_LIMIT_BYTES) {
            pendingBytes.addAndGet(-size);
            connection.onLoop(this::keyframeRequested);
            return;
        }
        ByteBuffer copy = ByteBuffer.allocate(size).put(frame.duplicate()).flip();
        connection.change((core, now) -> {
            pendingBytes.addAndGet(-size);
            core.sendFrame(now, handle, copy, rtpTimestamp & 0xFFFF_FFFFL);
        });
    }

    /// Runs `callback` when the other side asks for a key frame, and when the track begins to send.
    public void onKeyframeRequest(Runnable callback) {
        keyframeCallback = callback;
    }

    /// Runs `callback` when the path lets this track send more or less than before: an encoder that follows keeps the
    /// delay short. Called with bits per second, on the loop, once feedback of the other side is there
    /// (draft-holmer-rmcat-transport-wide-cc-extensions-01, or REMB); never where it gives none.
    public void onTargetBitrate(LongConsumer callback) {
        targetCallback = callback;
    }

    /// All video of the connection together is never sent faster than this, nor is the path probed for more.
    ///
    /// @param bps bits per second on the wire; 50,000,000 unless it is set
    public void limitBitrate(long bps) {
        if (bps <= 0) {
            throw new IllegalArgumentException("a bitrate is positive, not " + bps);
        }
        connection.change((core, _) -> core.sendAtMost(bps));
    }

    /// Ends it: nothing is sent from now on, and the other side learns it from the next exchange of descriptions. What
    /// it sends beside this track goes on. The track cannot be used again; another one can be added.
    public void remove() {
        connection.change((core, now) -> core.removeTrack(now, handle, false));
    }

    /// As [#remove], and ends what the other side sends beside it too: the section of the descriptions that carried
    /// both is rejected by the next one, and its place is free.
    public void stop() {
        connection.change((core, now) -> core.removeTrack(now, handle, true));
    }

    // --- the connection calls these, on the loop

    int handle() {
        return handle;
    }

    void sendingChanged(boolean now, VideoCodec agreed) {
        codec = agreed;
        sending = now;
        if (now) {
            keyframeRequested();
        }
    }

    void keyframeRequested() {
        Runnable callback = keyframeCallback;
        if (callback != null) {
            callback.run();
        }
    }

    void targetBitrate(long bps) {
        LongConsumer callback = targetCallback;
        if (callback != null) {
            callback.accept(bps);
        }
    }
}
