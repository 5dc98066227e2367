package dev.nearhand.app.bench;

import java.util.Locale;

/// What happens on the host's display while it is measured.
public enum Scene {
    /// Nothing but the marker.
    STILL,
    /// A letter and the marker with it, eight times a second.
    TYPING,
    /// A page of text that moves up by five pixels, 30 times a second.
    SCROLLING,
    /// A moving picture of 640 by 360, 25 times a second.
    VIDEO,
    /// Nothing moves; the viewer clicks, and the host answers by its marker.
    CLICK;

    /// As people write it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
