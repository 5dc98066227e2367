package dev.nearhand.app.ui.home;

/// Where sharing this screen stands, as the home window shows it.
public enum ShareState {
    OFF,
    STARTING,
    /// The code is shown and nobody is connected.
    WAITING,
    /// Somebody is watching.
    WATCHED,
    FAILED
}
