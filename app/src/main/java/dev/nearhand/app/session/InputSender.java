package dev.nearhand.app.session;

import dev.nearhand.app.session.protocol.ControlMessage;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// What the person at the viewer does, on its way to the host. Any thread.
///
/// Moves go out at once on the channel that may lose them. The last one goes out again on the reliable channel, before
/// the next key or after [#REST_MILLIS], so that the pointer surely ends where it belongs. While anything is held the
/// host is told so every [#HOLDING_MILLIS]. Nothing goes out while the host does not allow it.
public final class InputSender {
    private static final long REST_MILLIS = 50;
    private static final long HOLDING_MILLIS = 200;
    /// More keys than a keyboard has are not held; beyond, the oldest presses are not repeated to the host.
    private static final int HELD_LIMIT = 256;

    private final MessageSender reliable;
    private final MessageSender fast;
    private final ScheduledExecutorService clock;
    private final long startNanos = System.nanoTime();
    private final Set<String> held = new HashSet<>();
    private boolean allowed = true;
    private boolean interrupted;
    private long stampedNanos;
    private boolean stamped;
    private long sequence;
    private int x;
    private int y;
    private boolean moved;
    private boolean restScheduled;
    private boolean holdingScheduled;
    private long movedNanos;

    InputSender(MessageSender reliable, MessageSender fast, ScheduledExecutorService clock) {
        this.reliable = reliable;
        this.fast = fast;
        this.clock = clock;
    }

    /// The host lets this viewer steer, or not.
    synchronized void allow(boolean control) {
        allowed = control;
        if (!control) {
            held.clear();
        }
    }

    /// Nobody sees what they do, or they do again. What is done meanwhile is lost on purpose, and nothing stays held.
    synchronized void interrupted(boolean now) {
        if (interrupted == now) {
            return;
        }
        interrupted = now;
        held.clear();
        moved = false;
        stamped = false;
        if (!now) {
            reliable.send(new ControlMessage.ReleaseAll());
        }
    }

    /// Says the time to the host, which thereby knows how old what follows is when it arrives.
    synchronized void stamp() {
        stamped = true;
        stampedNanos = System.nanoTime();
        reliable.send(new ControlMessage.At(TimeUnit.NANOSECONDS.toMillis(stampedNanos - startNanos)));
    }

    private boolean mayAct() {
        return allowed && !interrupted;
    }

    private void act(ControlMessage message) {
        if (!stamped || System.nanoTime() - stampedNanos > TimeUnit.MILLISECONDS.toNanos(InputAge.STAMP_EVERY_MILLIS)) {
            stamp();
        }
        reliable.send(message);
    }

    /// The pointer is at this pixel of the picture.
    public synchronized void pointerMoved(int newX, int newY) {
        if (!mayAct()) {
            return;
        }
        x = newX;
        y = newY;
        moved = true;
        movedNanos = System.nanoTime();
        fast.send(new ControlMessage.Pointer(++sequence, x, y));
        if (!restScheduled) {
            restScheduled = schedule(this::afterMove, REST_MILLIS);
        }
    }

    /// @param button 1 left, 2 middle, 3 right, 4 back, 5 forward; others are left out
    public synchronized void button(int atX, int atY, int button, boolean down) {
        if (!mayAct() || button < 1 || button > 5) {
            return;
        }
        place(atX, atY);
        act(new ControlMessage.Button(++sequence, x, y, button, down));
        hold("button" + button, down);
    }

    /// Notches; positive is right and down.
    public synchronized void wheel(int atX, int atY, double notchesX, double notchesY) {
        if (!mayAct() || Double.isNaN(notchesX) || Double.isNaN(notchesY)) {
            return;
        }
        place(atX, atY);
        double limit = ControlMessage.Wheel.NOTCH_LIMIT;
        act(new ControlMessage.Wheel(
                ++sequence, x, y, Math.clamp(notchesX, -limit, limit), Math.clamp(notchesY, -limit, limit)));
    }

    /// @param code a W3C `KeyboardEvent.code` value
    public synchronized void key(String code, boolean down) {
        if (!mayAct()) {
            return;
        }
        settlePointer();
        act(new ControlMessage.Key(code, down));
        hold(code, down);
    }

    /// Text as it shall arrive, of any length; goes out in pieces that split no character.
    public synchronized void text(String text) {
        if (!mayAct()) {
            return;
        }
        settlePointer();
        String rest = text;
        while (!rest.isEmpty()) {
            String piece = Words.bounded(rest, ControlMessage.Text.LENGTH_LIMIT);
            act(new ControlMessage.Text(piece));
            rest = rest.substring(piece.length());
        }
    }

    /// Nothing stays held: the window has lost the keyboard, or the person switched to viewing only.
    public synchronized void releaseAll() {
        if (!held.isEmpty()) {
            held.clear();
            reliable.send(new ControlMessage.ReleaseAll());
        }
    }

    private void place(int atX, int atY) {
        x = atX;
        y = atY;
        moved = false;
    }

    private void settlePointer() {
        if (moved) {
            moved = false;
            act(new ControlMessage.Pointer(++sequence, x, y));
        }
    }

    private synchronized void afterMove() {
        restScheduled = false;
        long restMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - movedNanos);
        if (moved && restMillis < REST_MILLIS) {
            restScheduled = schedule(this::afterMove, REST_MILLIS - restMillis);
        } else {
            settlePointer();
        }
    }

    private void hold(String what, boolean down) {
        if (!down) {
            held.remove(what);
        } else if (held.size() < HELD_LIMIT) {
            held.add(what);
        }
        if (!held.isEmpty() && !holdingScheduled) {
            holdingScheduled = schedule(this::stillHolding, HOLDING_MILLIS);
        }
    }

    private synchronized void stillHolding() {
        holdingScheduled = false;
        if (!held.isEmpty()) {
            fast.send(new ControlMessage.Holding());
            holdingScheduled = schedule(this::stillHolding, HOLDING_MILLIS);
        }
    }

    private boolean schedule(Runnable task, long millis) {
        try {
            clock.schedule(task, millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException _) {
            return false; // the session has ended
        }
    }
}
