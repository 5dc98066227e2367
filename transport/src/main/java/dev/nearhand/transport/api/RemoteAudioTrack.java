package dev.nearhand.transport.api;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sound that the other side sends: Opus packets come out in order, each as soon as it arrives.
///
/// Nothing is held back to smooth the network's jitter, that is for whoever plays them. Methods may be called from any
/// thread; callbacks run on the connection's loop.
public final class RemoteAudioTrack {
    private final PeerConnection connection;
    private final int handle;
    private final String name;
    private volatile @Nullable Consumer<EncodedAudioPacket> packetCallback;

    // on the loop only
    private @Nullable Runnable endedCallback;
    private boolean ended;

    RemoteAudioTrack(PeerConnection connection, int handle, String name) {
        this.connection = connection;
        this.handle = handle;
        this.name = name;
    }

    /// The name that the other side gave it; may be empty.
    public String name() {
        return name;
    }

    /// Packets that arrive before it is set are dropped.
    public void onPacket(Consumer<EncodedAudioPacket> callback) {
        packetCallback = callback;
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

    /// Takes it no more, from now on; the other side learns it from the next exchange of descriptions, which rejects
    /// the section that carried it, and with it a track of this side in the same one.
    public void stop() {
        connection.change((core, now) -> core.stopRemoteTrack(now, handle));
    }

    // --- the connection calls these, on the loop

    void received(EncodedAudioPacket packet) {
        Consumer<EncodedAudioPacket> callback = packetCallback;
        if (callback != null) {
            callback.accept(packet);
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
