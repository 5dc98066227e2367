package dev.nearhand.capture.input.x11;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.x11.KeyboardMap;
import dev.nearhand.capture.x11.X11Display;
import dev.nearhand.testing.Xvfb;
import org.junit.jupiter.api.Test;

class TypedCharactersTest {
    @Test
    void findsTheWholeCharacterThatAToolkitCutTo16Bits() {
        try (Xvfb server = Xvfb.start(320, 200);
                X11Display display = X11Display.open(server.display());
                TypedCharacters typed = TypedCharacters.open(server.display())) {
            KeyboardMap map = new KeyboardMap(display);
            map.assign(map.lastKeycode(), 0x01000000L + 0x1F600);
            display.sync();

            assertThat(typed.codePoint('\uF600')).isEqualTo(0x1F600);
            assertThat(typed.codePoint('a')).isEqualTo('a');
            assertThat(typed.codePoint('漢')).isEqualTo('漢');

            map.assign(map.lastKeycode() - 1, 0x01000000L + 0xF600);
            display.sync();
            assertThat(typed.codePoint('\uF600')).isEqualTo(0xF600);
        }
    }
}
