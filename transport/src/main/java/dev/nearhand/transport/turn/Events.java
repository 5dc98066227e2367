package dev.nearhand.transport.turn;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What a client tells its owner, until it is polled.
final class Events {
    /// When full the oldest goes.
    static final int LIMIT = 64;

    private final Deque<TurnEvent> queue = new ArrayDeque<>();

    void add(TurnEvent event) {
        if (queue.size() == LIMIT) {
            queue.removeFirst();
        }
        queue.add(event);
    }

    @Nullable
    TurnEvent poll() {
        return queue.poll();
    }
}
