package dev.nearhand.capture.x11;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// A test's own X client: a window over the screen that writes down which buttons and keys reach it.
public final class X11Listener implements AutoCloseable {
    private static final int KEY_PRESS = 2;
    private static final int KEY_RELEASE = 3;
    private static final int BUTTON_PRESS = 4;
    private static final int BUTTON_RELEASE = 5;
    private static final int MOTION = 6;
    private static final long MASK = 1 | 2 | 4 | 8 | 64;

    private final X11Painter window;

    public X11Listener(String displayName, int width, int height) {
        window = new X11Painter(displayName, width, height);
        LibX11.xSelectInput(window.display().handle(), window.window(), MASK);
        window.display().sync();
    }

    /// What has arrived since the last call, such as `+key 38`, `-button 1`, `move 10,20`.
    public List<String> events() {
        X11Display display = window.display();
        display.sync();
        List<String> events = new ArrayList<>();
        for (int type = display.pollEvent(); type != 0; type = display.pollEvent()) {
            int detail = display.event().get(ValueLayout.JAVA_INT, 84);
            switch (type) {
                case KEY_PRESS -> events.add("+key " + detail);
                case KEY_RELEASE -> events.add("-key " + detail);
                case BUTTON_PRESS -> events.add("+button " + detail);
                case BUTTON_RELEASE -> events.add("-button " + detail);
                case MOTION ->
                    events.add("move " + display.event().get(ValueLayout.JAVA_INT, 72) + ","
                            + display.event().get(ValueLayout.JAVA_INT, 76));
                default -> {}
            }
        }
        return events;
    }

    @Override
    public void close() {
        window.close();
    }
}
