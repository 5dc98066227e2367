package dev.nearhand.app.session;

import dev.nearhand.app.session.protocol.ControlMessage;
import dev.nearhand.capture.input.InputEvent;
import java.util.List;

/// Puts the pointer events of two channels in order. Moves may come late, twice or never; buttons and wheel turns come
/// surely, in order, and with their place. A move older than what was seen is dropped; a button that was overtaken by a
/// move still acts at its own place, and the pointer returns to the newest place afterwards. The connection's thread.
final class PointerOrder {
    private long newest = -1;
    private int x;
    private int y;

    /// Whether the move is to be made.
    boolean accept(ControlMessage.Pointer move) {
        return advance(move.seq(), move.x(), move.y());
    }

    List<InputEvent> accept(ControlMessage.Button button) {
        return at(button.seq(), button.x(), button.y(), new InputEvent.PointerButton(button.button(), button.down()));
    }

    List<InputEvent> accept(ControlMessage.Wheel wheel) {
        return at(wheel.seq(), wheel.x(), wheel.y(), new InputEvent.Wheel(wheel.dx(), wheel.dy()));
    }

    private List<InputEvent> at(long seq, int atX, int atY, InputEvent event) {
        InputEvent there = new InputEvent.PointerMove(atX, atY);
        return advance(seq, atX, atY) ? List.of(there, event) : List.of(there, event, new InputEvent.PointerMove(x, y));
    }

    private boolean advance(long seq, int newX, int newY) {
        if (seq <= newest) {
            return false;
        }
        newest = seq;
        x = newX;
        y = newY;
        return true;
    }
}
