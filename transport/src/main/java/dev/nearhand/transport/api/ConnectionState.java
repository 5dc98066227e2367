package dev.nearhand.transport.api;

/// Where a connection stands, ICE and DTLS taken together (W3C WebRTC section 4.3.3).
public enum ConnectionState {
    /// No description has been applied yet.
    NEW,
    /// Looking for a path, or shaking hands on it.
    CONNECTING,
    /// Keys are agreed; data and media flow.
    CONNECTED,
    /// Nothing has come back for some seconds; may return by itself to [#CONNECTED]. Where the other side does not
    /// follow to a path that works, as the reason then says, only [PeerConnection#restartIce] helps soon.
    DISCONNECTED,
    /// Given up; the reason came with the change. A connection that has been [#CONNECTED] comes back to that by
    /// [PeerConnection#restartIce], with all that its channels hold; any other one is over.
    FAILED,
    /// Closed by this side or by the other.
    CLOSED
}
