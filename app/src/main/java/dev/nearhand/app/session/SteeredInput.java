package dev.nearhand.app.session;

import dev.nearhand.app.session.protocol.ControlMessage;
import dev.nearhand.capture.input.InputEvent;
import dev.nearhand.capture.screen.Rect;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// What the viewer does, at the host: only while that is allowed, in time, in order and within what is shared. The
/// connection's thread only.
final class SteeredInput {
    private final InputThread input;
    private final BooleanSupplier allowed;
    private final Supplier<Rect> shared;
    private final Counters counters;
    private final PointerOrder pointerOrder = new PointerOrder();
    private final InputAge age = new InputAge();

    /// @param shared the place of the shared picture on the desktop
    SteeredInput(InputThread input, BooleanSupplier allowed, Supplier<Rect> shared, Counters counters) {
        this.input = input;
        this.allowed = allowed;
        this.shared = shared;
        this.counters = counters;
    }

    void pointer(ControlMessage.Pointer move) {
        if (permitted() && pointerOrder.accept(move)) {
            inject(new InputEvent.PointerMove(move.x(), move.y()));
        }
    }

    void button(ControlMessage.Button button) {
        if (permitted()) {
            pointerOrder.accept(button).forEach(this::inject);
        }
    }

    void wheel(ControlMessage.Wheel wheel) {
        if (permitted()) {
            pointerOrder.accept(wheel).forEach(this::inject);
        }
    }

    void key(ControlMessage.Key key) {
        if (permitted()) {
            inject(new InputEvent.Key(key.code(), key.down()));
        }
    }

    void text(ControlMessage.Text text) {
        if (permitted()) {
            inject(new InputEvent.Text(text.text()));
        }
    }

    /// What follows was done then.
    void at(ControlMessage.At time) {
        age.stamp(time.millis(), nowMillis());
    }

    private boolean permitted() {
        if (!allowed.getAsBoolean()) {
            counters.count("control.notPermitted");
            return false;
        }
        if (age.isLate(nowMillis())) {
            counters.count("input.tooLate");
            input.releaseAll(); // a release among it must not be missed
            return false;
        }
        return true;
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /// From pixels of the shared picture to those of the desktop; never beyond what is shared.
    private void inject(InputEvent event) {
        Rect place = shared.get();
        input.inject(
                event instanceof InputEvent.PointerMove(int x, int y)
                        ? new InputEvent.PointerMove(
                                place.x() + Math.clamp(x, 0, Math.max(0, place.width() - 1)),
                                place.y() + Math.clamp(y, 0, Math.max(0, place.height() - 1)))
                        : event);
    }
}
