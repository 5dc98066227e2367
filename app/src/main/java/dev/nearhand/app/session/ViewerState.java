package dev.nearhand.app.session;

/// Where a viewer's session stands.
public enum ViewerState {
    /// On the way to the first picture; the sentence says which stage.
    CONNECTING,
    /// Pictures arrive, or the remote screen is still.
    LIVE,
    /// Nothing at all has come from the host for a while; the last picture is stale.
    SILENT,
    /// Over; the reason came with the change.
    ENDED
}
