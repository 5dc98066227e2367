package dev.nearhand.transport.api;

import java.nio.ByteBuffer;
import java.time.Duration;

/// Video that this side sends: whole encoded frames go in.
///
/// Methods may be called from any thread, frames of one track from one thread at a time.
public final class VideoTrack {
    VideoTrack() {}

    /// The name it was added with; the other side sees it as the track's id.
    public String name() {
        throw new UnsupportedOperationException("not built yet");
    }

    public VideoCodec codec() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Whether the other side has accepted the track and the connection stands: frames written before are dropped.
    public boolean isSending() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Sends one encoded frame, shown for `duration`. Copies it; does not wait.
    public void write(ByteBuffer frame, Duration duration) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Sends one encoded frame with its own media time on the 90 kHz clock. Copies it; does not wait.
    ///
    /// @param rtpTimestamp the low 32 bits count; it may start anywhere
    public void write(ByteBuffer frame, long rtpTimestamp) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Runs `callback` when the other side asks for a key frame, and when the track begins to send.
    public void onKeyframeRequest(Runnable callback) {
        throw new UnsupportedOperationException("not built yet");
    }
}
