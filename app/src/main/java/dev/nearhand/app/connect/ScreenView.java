package dev.nearhand.app.connect;

import dev.nearhand.app.session.SessionStats;
import dev.nearhand.app.session.ViewerListener;

/// A connection to another screen, from the address and the code on. Any thread; nothing waits.
public final class ScreenView implements AutoCloseable {
    private ScreenView() {}

    /// Begins to connect; everything else comes through `listener`, also every failure, as
    /// [dev.nearhand.app.session.ViewerState#ENDED] with its reason.
    public static ScreenView connect(ViewOptions options, ViewerListener listener) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// The pointer is at this pixel of the picture.
    public void pointerMoved(int x, int y) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// @param button 1 left, 2 middle, 3 right, 4 back, 5 forward
    public void button(int x, int y, int button, boolean down) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Notches; positive is right and down.
    public void wheel(int x, int y, double notchesX, double notchesY) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// @param code a W3C `KeyboardEvent.code` value
    public void key(String code, boolean down) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Text as it shall arrive, of any length.
    public void text(String text) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Nothing stays held: the window has lost the keyboard, or the person switched to viewing only.
    public void releaseAll() {
        throw new UnsupportedOperationException("not built yet");
    }

    public SessionStats stats() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Says goodbye and ends.
    @Override
    public void close() {
        throw new UnsupportedOperationException("not built yet");
    }
}
