package dev.nearhand.app.ui.viewer;

/// What the viewer window is showing.
public enum ViewerState {
    /// No picture yet.
    CONNECTING,
    LIVE,
    /// The last picture is stale: nothing has come for a while.
    FROZEN,
    ENDED
}
