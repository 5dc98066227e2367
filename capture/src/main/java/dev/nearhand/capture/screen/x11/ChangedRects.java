package dev.nearhand.capture.screen.x11;

import dev.nearhand.capture.screen.Rect;
import java.util.ArrayList;
import java.util.List;

/// The changed rectangles of one frame: clipped to the picture, and at most [#LIMIT] of them. When there would be more,
/// they become one around all.
final class ChangedRects {
    static final int LIMIT = 64;

    private final List<Rect> rects = new ArrayList<>();

    void add(Rect rect, Rect picture) {
        Rect visible = rect.intersection(picture);
        if (visible.isEmpty()) {
            return;
        }
        for (Rect known : rects) {
            if (known.intersection(visible).equals(visible)) {
                return;
            }
        }
        rects.add(visible);
        if (rects.size() > LIMIT) {
            Rect all = rects.stream().reduce(Rect::boundsWith).orElseThrow();
            rects.clear();
            rects.add(all);
        }
    }

    boolean isEmpty() {
        return rects.isEmpty();
    }

    List<Rect> rects() {
        return List.copyOf(rects);
    }

    void clear() {
        rects.clear();
    }
}
