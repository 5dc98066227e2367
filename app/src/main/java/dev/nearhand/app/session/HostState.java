package dev.nearhand.app.session;

/// Where a host's session with one viewer stands.
public enum HostState {
    /// The connection is being made; nothing of the screen has left.
    CONNECTING,
    /// The viewer sees the screen.
    LIVE,
    /// Nothing has come from the viewer for some seconds.
    SILENT,
    /// Over; the reason came with the change.
    ENDED
}
