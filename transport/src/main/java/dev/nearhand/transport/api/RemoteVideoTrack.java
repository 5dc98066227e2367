package dev.nearhand.transport.api;

import java.util.function.Consumer;

/// Video that the other side sends: whole encoded frames come out, each as soon as it is complete.
public final class RemoteVideoTrack {
    RemoteVideoTrack() {}

    /// The name that the other side gave it; may be empty.
    public String name() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Frames that arrive before it is set are dropped, and a key frame is asked for when it is set.
    public void onFrame(Consumer<EncodedVideoFrame> callback) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Runs `callback` when the other side stops sending it, or the connection ends.
    public void onEnded(Runnable callback) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Asks the sender for a key frame (PLI, RFC 4585 section 6.3.1).
    public void requestKeyframe() {
        throw new UnsupportedOperationException("not built yet");
    }
}
