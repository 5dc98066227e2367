package dev.nearhand.transport.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Changes of a core that nobody waits for, from any thread. What has been posted when the loop comes to it is done in
/// one turn, so that a thousand small messages leave in full packets and not in a thousand.
///
/// Not bounded here: who posts bounds what it has posted, as a data channel does by its buffered bytes.
final class PostedChanges {
    /// After so many of one connection the others of its loop have their turn.
    private static final int TURN = 64;

    private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final LoopCalls calls;
    private final Consumer<List<Runnable>> turn;

    /// @param turn does these changes on the loop, in their order, and then all that follows from them
    PostedChanges(LoopCalls calls, Consumer<List<Runnable>> turn) {
        this.calls = calls;
        this.turn = turn;
    }

    /// Has `change` made on the loop, after what was posted, and what was asked of the loop, before.
    void post(Runnable change) {
        waiting.add(change);
        ask();
    }

    private void ask() {
        if (asked.compareAndSet(false, true)) {
            calls.ask(this::runTurn);
        }
    }

    private void runTurn() {
        asked.set(false);
        List<Runnable> changes = new ArrayList<>();
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            changes.add(next);
            if (changes.size() == TURN) {
                break;
            }
        }
        if (!waiting.isEmpty()) {
            ask();
        }
        turn.accept(changes);
    }
}
