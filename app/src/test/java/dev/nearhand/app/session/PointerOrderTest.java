package dev.nearhand.app.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.session.protocol.ControlMessage.Button;
import dev.nearhand.app.session.protocol.ControlMessage.Pointer;
import dev.nearhand.capture.input.InputEvent;
import org.junit.jupiter.api.Test;

class PointerOrderTest {
    private final PointerOrder order = new PointerOrder();

    @Test
    void anOlderMoveNeverOverridesANewerOne() {
        assertThat(order.accept(new Pointer(5, 50, 50))).isTrue();
        assertThat(order.accept(new Pointer(4, 40, 40))).isFalse();
        assertThat(order.accept(new Pointer(5, 50, 50))).isFalse();
        assertThat(order.accept(new Pointer(6, 60, 60))).isTrue();
    }

    @Test
    void aButtonMakesOlderMovesOld() {
        assertThat(order.accept(new Button(7, 70, 70, 1, true))).hasSize(2);
        assertThat(order.accept(new Pointer(6, 60, 60))).isFalse();
    }

    @Test
    void aButtonOvertakenByAMoveStillClicksAtItsOwnPlace() {
        assertThat(order.accept(new Pointer(9, 90, 91))).isTrue();

        assertThat(order.accept(new Button(8, 80, 81, 1, true)))
                .containsExactly(
                        new InputEvent.PointerMove(80, 81),
                        new InputEvent.PointerButton(1, true),
                        new InputEvent.PointerMove(90, 91));
    }
}
