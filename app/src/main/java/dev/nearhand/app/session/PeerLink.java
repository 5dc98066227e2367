package dev.nearhand.app.session;

import java.nio.ByteBuffer;

/// The connection to the other side as a session needs it: channels of messages and one video track.
///
/// Methods may be called from any thread and never wait. Events come one at a time, on the connection's own thread, and
/// must not block it.
public interface PeerLink extends AutoCloseable {
    /// Where the connection stands.
    enum State {
        CONNECTING,
        CONNECTED,
        /// Nothing has come back for some seconds; may return by itself.
        DISCONNECTED,
        /// Given up until a restart; the reason came with the change.
        FAILED,
        CLOSED
    }

    /// What comes from the other side. Buffers belong to the receiver.
    interface Events {
        void onState(State state, String reason);

        /// The reliable channel can be used.
        void onControlOpen();

        void onControl(ByteBuffer message);

        void onPointer(ByteBuffer message);

        /// @param rtpTimestamp media time on the 90 kHz clock, the low 32 bits count
        void onVideo(ByteBuffer frame, long rtpTimestamp, boolean keyframe);

        void onKeyframeRequest();

        /// The path takes this much video from now on.
        ///
        /// @param bps bits per second
        default void onTargetBitrate(long bps) {}

        /// The channel for tiles can be used.
        default void onTilesOpen() {}

        default void onTiles(ByteBuffer message) {}

        /// The channel for tiles is gone, for good.
        default void onTilesClosed() {}

        /// The other side is to learn of this candidate of this side; comes after the description that was made last.
        void onCandidate(PathMessage.Candidate candidate);
    }

    /// Set once, before the descriptions are exchanged.
    void listen(Events events);

    /// A candidate of the other side; may come before its description. One that cannot be read is ignored.
    void addCandidate(PathMessage.Candidate candidate);

    /// Sends on the reliable, ordered channel.
    ///
    /// @return false when the channel is not open, or so much waits that it cannot keep up
    boolean sendControl(String message);

    /// Sends on the unordered channel, once; it may be lost.
    ///
    /// @return false when it was not sent
    boolean sendPointer(String message);

    /// Host: opens the channel for tiles, reliable and ordered, beside what there is; only to a viewer that knows it.
    default void openTiles() {}

    /// Sends on the channel for tiles; copies.
    ///
    /// @return false when it is not open, or it is full
    default boolean sendTiles(ByteBuffer message) {
        return false;
    }

    /// Bytes of messages on the channel for tiles that have not been given to the network yet.
    default long tilesWaiting() {
        return 0;
    }

    default void closeTiles() {}

    /// Video is never sent faster than this, nor is the path probed for more; to be said before the descriptions
    /// are exchanged.
    ///
    /// @param bps bits per second, with all that is around the video
    default void limitVideo(long bps) {}

    /// Sends one encoded frame; copies it.
    void sendVideo(ByteBuffer frame, long rtpTimestamp);

    /// Asks the other side for a key frame.
    void requestKeyframe();

    LinkStats stats();

    @Override
    void close();
}
