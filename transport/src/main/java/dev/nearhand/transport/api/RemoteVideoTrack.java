package dev.nearhand.transport.api;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Video that the other side sends: whole encoded frames come out, each as soon as it is complete.
///
/// Methods may be called from any thread; callbacks run on the connection's loop.
public final class RemoteVideoTrack {
    private final PeerConnection connection;
    private final int handle;
    private final String name;
    private final List<String> layers;

    private volatile @Nullable Consumer<EncodedVideoFrame> frameCallback;

    // on the loop only
    private @Nullable Runnable endedCallback;
    private boolean ended;

    RemoteVideoTrack(PeerConnection connection, int handle, String name, List<String> layers) {
        this.connection = connection;
        this.handle = handle;
        this.name = name;
        this.layers = List.copyOf(layers);
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
        connection.change((core, now) -> core.remoteTracks(now).requestKeyframe(now, handle));
    }

    /// The names of the streams that it comes in, when the other side sends several of the same picture in different
    /// sizes (simulcast, RFC 8853), in its order of preference; empty when it sends one.
    ///
    /// One at a time is handed on: the one that carries most, unless [#select] says otherwise.
    public List<String> layers() {
        return layers;
    }

    /// Takes the frames of that stream from its next key frame on, which is asked for. When it falls silent the best of
    /// the others is taken until it flows again.
    ///
    /// @param layer one of [#layers]
    public void select(String layer) {
        if (!layers.contains(layer)) {
            throw new IllegalArgumentException("the track comes in " + layers + ", not in " + layer);
        }
        connection.change((core, now) -> core.remoteTracks(now).selectLayer(now, handle, layer));
    }

    /// Takes whichever stream carries most, as from the start.
    public void selectBest() {
        connection.change((core, now) -> core.remoteTracks(now).selectLayer(now, handle, ""));
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
