package dev.nearhand.capture.input.robot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.capture.input.InputException;
import java.awt.event.KeyEvent;
import org.junit.jupiter.api.Test;

class RobotKeysTest {
    @Test
    void physicalKeysAreFoundByTheirCode() {
        assertThat(RobotKeys.ofCode("KeyA")).hasValue(KeyEvent.VK_A);
        assertThat(RobotKeys.ofCode("Digit0")).hasValue(KeyEvent.VK_0);
        assertThat(RobotKeys.ofCode("F12")).hasValue(KeyEvent.VK_F12);
        assertThat(RobotKeys.ofCode("ShiftLeft")).hasValue(KeyEvent.VK_SHIFT);
        assertThat(RobotKeys.ofCode("NoSuchKey")).isEmpty();
    }

    @Test
    void everyPrintableAsciiCharacterHasAKeyAndNothingElse() {
        for (char character = ' '; character <= '~'; character++) {
            assertThat(RobotKeys.ofCharacter(character)).as("%s", character).isPresent();
        }
        assertThat(RobotKeys.ofCharacter('ü')).isEmpty();
        assertThat(RobotKeys.ofCharacter('漢')).isEmpty();
    }

    @Test
    void withoutADisplayItSaysSo() {
        assertThatThrownBy(RobotInjector::open)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no display");
    }
}
