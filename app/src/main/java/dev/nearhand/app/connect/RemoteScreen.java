package dev.nearhand.app.connect;

import dev.nearhand.app.session.SessionStats;

/// Another screen that is looked at, and perhaps steered. Any thread; only [#close] waits.
///
/// Input goes nowhere unless an implementation takes it.
public interface RemoteScreen extends AutoCloseable {
    SessionStats stats();

    /// Whether this is a kind of screen that takes input at all; whether its host lets this viewer is told to
    /// listeners.
    default boolean canBeSteered() {
        return false;
    }

    /// The pointer is at this pixel of the picture.
    default void pointerMoved(int x, int y) {}

    /// @param button 1 left, 2 middle, 3 right, 4 back, 5 forward
    default void button(int x, int y, int button, boolean down) {}

    /// Notches; positive is right and down.
    default void wheel(int x, int y, double notchesX, double notchesY) {}

    /// @param code a W3C `KeyboardEvent.code` value
    default void key(String code, boolean down) {}

    /// Text as it shall arrive, of any length.
    default void text(String text) {}

    /// Nothing stays held: the window has lost the keyboard, or the person switched to viewing only.
    default void releaseAll() {}

    /// Says goodbye and ends.
    @Override
    void close();
}
