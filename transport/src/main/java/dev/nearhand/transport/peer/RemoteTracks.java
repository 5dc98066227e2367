package dev.nearhand.transport.peer;

import dev.nearhand.transport.rtp.RtpSession;

/// What can be asked of the tracks that the other side sends. One that has ended is asked nothing.
public final class RemoteTracks {
    private final RtpSession session;

    RemoteTracks(RtpSession session) {
        this.session = session;
    }

    /// Asks for a key frame, until one has come.
    public void requestKeyframe(long nowNanos, int track) {
        session.requestKeyframe(nowNanos, track);
    }

    /// Follows one of the streams of a track that comes in several.
    ///
    /// @param layer its name; empty for whichever is best
    public void selectLayer(long nowNanos, int track, String layer) {
        session.selectLayer(nowNanos, track, layer);
    }
}
