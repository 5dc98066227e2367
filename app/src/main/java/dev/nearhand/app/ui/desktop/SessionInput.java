package dev.nearhand.app.ui.desktop;

import dev.nearhand.app.connect.RemoteScreen;
import dev.nearhand.app.ui.video.RemoteInput;

/// From the surface to the session.
record SessionInput(RemoteScreen session) implements RemoteInput {
    @Override
    public void pointerMoved(int x, int y) {
        session.pointerMoved(x, y);
    }

    @Override
    public void button(int x, int y, int button, boolean down) {
        session.button(x, y, button, down);
    }

    @Override
    public void wheel(int x, int y, double notchesX, double notchesY) {
        session.wheel(x, y, notchesX, notchesY);
    }

    @Override
    public void key(String code, boolean down) {
        session.key(code, down);
    }

    @Override
    public void text(String text) {
        session.text(text);
    }

    @Override
    public void releaseAll() {
        session.releaseAll();
    }
}
