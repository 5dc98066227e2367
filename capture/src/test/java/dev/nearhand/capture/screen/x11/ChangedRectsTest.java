package dev.nearhand.capture.screen.x11;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.screen.Rect;
import org.junit.jupiter.api.Test;

class ChangedRectsTest {
    private static final Rect PICTURE = Rect.ofSize(1000, 1000);

    @Test
    void clipsToThePictureAndLeavesOutWhatIsOutsideOrKnown() {
        ChangedRects rects = new ChangedRects();
        rects.add(new Rect(-5, -5, 10, 10), PICTURE);
        rects.add(new Rect(1000, 0, 10, 10), PICTURE);
        rects.add(new Rect(1, 1, 2, 2), PICTURE);
        assertThat(rects.rects()).containsExactly(new Rect(0, 0, 5, 5));
    }

    @Test
    void manyRectanglesBecomeOneAroundAll() {
        ChangedRects rects = new ChangedRects();
        for (int i = 0; i <= ChangedRects.LIMIT; i++) {
            rects.add(new Rect(10 * i, 5 * i, 3, 3), PICTURE);
        }
        assertThat(rects.rects()).containsExactly(new Rect(0, 0, 643, 323));
    }
}
