package dev.nearhand.app.link;

import dev.nearhand.app.session.LinkStats;
import dev.nearhand.app.session.VideoFeed;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.RemoteVideoTrack;
import org.jspecify.annotations.Nullable;

/// The first video track that comes over a connection, in whatever format. Any thread.
public final class WebRtcFeed implements VideoFeed {
    private final PeerConnection connection;
    private volatile @Nullable RemoteVideoTrack video;

    /// @param connection not yet negotiated; its callbacks and its end are this object's from now on
    public WebRtcFeed(PeerConnection connection) {
        this.connection = connection;
    }

    @Override
    public void listen(Events events) {
        connection.onVideoTrack(track -> {
            if (video == null) {
                video = track;
                track.onFrame(frame -> events.onVideo(Formats.of(frame.codec()), frame.data(), frame.keyframe()));
            }
        });
        connection.onStateChange(
                (state, reason) -> WebRtcLink.linkState(state).ifPresent(now -> events.onState(now, reason)));
    }

    @Override
    public void requestKeyframe() {
        RemoteVideoTrack present = video;
        if (present != null) {
            present.requestKeyframe();
        }
    }

    @Override
    public LinkStats stats() {
        return WebRtcLink.linkStats(connection);
    }

    @Override
    public void close() {
        connection.close();
    }
}
