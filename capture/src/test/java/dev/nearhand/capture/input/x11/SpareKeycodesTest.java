package dev.nearhand.capture.input.x11;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.x11.KeyboardMap;
import dev.nearhand.capture.x11.X11Display;
import dev.nearhand.testing.Xvfb;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpareKeycodesTest {
    @Test
    void noneIsGivenToAnotherCharacterBeforeItsTimeIsOver() {
        try (Xvfb xvfb = Xvfb.start(64, 64);
                X11Display display = X11Display.open(xvfb.display())) {
            KeyboardMap map = new KeyboardMap(display);
            SpareKeycodes spares = new SpareKeycodes(map);
            Map<Integer, Long> usedNanos = new HashMap<>();
            int again = 0;
            for (int i = 0; i < 60; i++) {
                long keysym = Keysyms.of(0x4E00 + i);
                long before = System.nanoTime();
                int keycode = spares.keycode(keysym);
                map.read();
                assertThat(map.keysym(keycode, 0)).isEqualTo(keysym);
                Long used = usedNanos.put(keycode, before);
                if (used != null) {
                    again++;
                    assertThat(System.nanoTime() - used)
                            .as("keycode %d for character %d", keycode, i)
                            .isGreaterThanOrEqualTo(SpareKeycodes.REUSE_NANOS);
                }
            }
            assertThat(again).isPositive();
            assertThat(usedNanos.size()).as("so many characters at once").isGreaterThanOrEqualTo(16);
        }
    }

    @Test
    void aCharacterThatHasOneKeepsIt() {
        try (Xvfb xvfb = Xvfb.start(64, 64);
                X11Display display = X11Display.open(xvfb.display())) {
            SpareKeycodes spares = new SpareKeycodes(new KeyboardMap(display));
            int keycode = spares.keycode(Keysyms.of(0x6F22));
            assertThat(spares.keycode(Keysyms.of(0x5B57))).isNotEqualTo(keycode);
            assertThat(spares.keycode(Keysyms.of(0x6F22))).isEqualTo(keycode);
        }
    }
}
