package dev.nearhand.app.ui.viewer;

/// What the viewer window can ask of its session.
public interface ViewerActions {
    void disconnect();

    /// The person switched their own input on or off.
    void viewOnly(boolean viewOnly);
}
