package dev.nearhand.transport.api;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Video that the other side sends: whole encoded frames come out, each as soon as it is complete.
///
/// Methods may be called from any thread; callbacks run on the connection's loop.
public final class RemoteVideoTrack {
    private final PeerConnection connection;
    private final int handle;
    private final String name;

    private volatile @Nullable Consumer<EncodedVideoFrame> frameCallback;

    // on the loop only
    private @Nullable Runnable endedCallback;
    private boolean ended;

    RemoteVideoTrack(PeerConnection connection, int handle, String name) {
        this.connection = connection;
        this.handle = handle;
        this.name = name;
    }

    /// The name that the other side gave it; may be empty.
    public String name() {
        return name;
    }

    /// Frames that arrive before it is set are dropped; when it is set later, a key frame is asked for.
    public void onFrame(Consumer<EncodedVideoFrame> callback) {
        frameCallback = callback;
    }

    /// Runs `callback` when the other side stops sending it, or the connection ends; at once when that is so already.
    public void onEnded(Runnable callback) {
        connection.onLoop(() -> {
            if (ended) {
                callback.run();
            } else {
                endedCallback = callback;
            }
        });
    }

    /// Asks the sender for a key frame (PLI, RFC 4585 section 6.3.1).
    public void requestKeyframe() {
        connection.change((core, now) -> core.requestKeyframe(now, handle));
    }

    /// Takes it no more, from now on; the other side learns it from the next exchange of descriptions, which rejects
    /// the section that carried it, and with it a track of this side in the same one.
    public void stop() {
        connection.change((core, now) -> core.stopRemoteTrack(now, handle));
    }

    // --- the connection calls these, on the loop

    void received(EncodedVideoFrame frame) {
        Consumer<EncodedVideoFrame> callback = frameCallback;
        if (callback != null) {
            callback.accept(frame);
        } else if (frame.keyframe()) {
            requestKeyframe();
        }
    }

    void ended() {
        if (!ended) {
            ended = true;
            if (endedCallback != null) {
                endedCallback.run();
            }
        }
    }
}
