package dev.nearhand.app.ui.home;

/// Where connecting to another screen stands, as the home window shows it.
public enum ConnectState {
    IDLE,
    CONNECTING,
    FAILED
}
