package dev.nearhand.transport.ice;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Where an agent stands, and what it has to tell of how it came there.
final class Progress {
    /// Events that wait to be polled; when full the oldest goes.
    static final int EVENTS_LIMIT = 64;

    private final Deque<IceEvent> events = new ArrayDeque<>();
    private IceState state = IceState.NEW;
    private boolean hasConnected;

    IceState state() {
        return state;
    }

    /// Whether there has ever been a path.
    boolean hasConnected() {
        return hasConnected;
    }

    boolean is(IceState other) {
        return state == other;
    }

    /// Whether pairs that nobody has asked for are checked. When a path is nominated that is only those which are new
    /// since: the others have been put by.
    boolean isChecking() {
        return state == IceState.CHECKING || isUsable();
    }

    /// Whether there is a path, or there was one only lately.
    boolean isUsable() {
        return state == IceState.CONNECTED || state == IceState.COMPLETED || state == IceState.DISCONNECTED;
    }

    void setState(IceState next, String reason) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(state + " cannot become " + next + ": " + reason);
        }
        emit(new IceEvent.StateChanged(state, next, reason));
        state = next;
        hasConnected |= isUsable();
    }

    void emit(IceEvent event) {
        if (events.size() == EVENTS_LIMIT) {
            events.removeFirst();
        }
        events.add(event);
    }

    @Nullable
    IceEvent poll() {
        return events.poll();
    }
}
