package dev.nearhand.app.link;

import dev.nearhand.app.session.LinkStats;
import dev.nearhand.app.session.VideoFeed;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.RemoteVideoTrack;
import dev.nearhand.transport.api.VideoCodec;
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
                track.onFrame(frame -> events.onVideo(codec(frame.codec()), frame.data(), frame.keyframe()));
            }
        });
        connection.onStateChange(
                (state, reason) -> WebRtcLink.linkState(state).ifPresent(now -> events.onState(now, reason)));
    }

    private static dev.nearhand.capture.codec.VideoCodec codec(VideoCodec carried) {
        return switch (carried) {
            case VP8 -> dev.nearhand.capture.codec.VideoCodec.VP8;
            case VP9 -> dev.nearhand.capture.codec.VideoCodec.VP9;
            case H264 -> dev.nearhand.capture.codec.VideoCodec.H264;
            case AV1 -> dev.nearhand.capture.codec.VideoCodec.AV1;
        };
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
