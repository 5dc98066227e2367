package dev.nearhand.app.ui.video;

/// Where the surface sends what the person does to the remote screen. Coordinates are pixels of the remote screen.
/// All calls come on the FX thread.
public interface RemoteInput {
    void pointerMoved(int x, int y);

    /// @param button 1 left, 2 middle, 3 right, 4 back, 5 forward
    void button(int x, int y, int button, boolean down);

    /// Wheel notches; positive is right and down.
    void wheel(int x, int y, double notchesX, double notchesY);

    /// @param code a W3C `KeyboardEvent.code` value
    void key(String code, boolean down);

    /// Text as it shall arrive, whatever the keyboard of the remote machine.
    void text(String text);

    /// The surface no longer has the keyboard: nothing may stay held.
    void releaseAll();
}
