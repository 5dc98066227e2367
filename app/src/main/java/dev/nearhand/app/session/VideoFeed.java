package dev.nearhand.app.session;

import dev.nearhand.capture.codec.VideoCodec;
import java.nio.ByteBuffer;

/// A picture that comes with nothing beside it: no control, no cursor. What WHIP and WHEP carry.
///
/// Methods may be called from any thread and never wait. Events come one at a time, on the connection's own thread, and
/// must not block it.
public interface VideoFeed extends AutoCloseable {
    /// What comes. Buffers belong to the receiver.
    interface Events {
        void onState(PeerLink.State state, String reason);

        /// @param codec it may change with a key frame
        void onVideo(VideoCodec codec, ByteBuffer frame, boolean keyframe);
    }

    /// Set once, before the descriptions are exchanged.
    void listen(Events events);

    void requestKeyframe();

    LinkStats stats();

    @Override
    void close();
}
