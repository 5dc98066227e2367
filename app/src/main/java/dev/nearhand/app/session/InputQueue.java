package dev.nearhand.app.session;

import dev.nearhand.capture.input.InputEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Input on its way from the connection's thread to the inject thread, in order.
///
/// At most [#LIMIT] steps wait. Moves that follow each other replace each other. When it is full, all that waits is
/// dropped and one release of everything takes its place: a release is never lost without the press being undone.
final class InputQueue {
    static final int LIMIT = 1024;

    /// One thing to do to the machine.
    sealed interface Step {
        record Inject(InputEvent event) implements Step {}

        record ReleaseAll() implements Step {}
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Step> steps = new ArrayDeque<>();
    private long overflows;

    void inject(InputEvent event) {
        lock.lock();
        try {
            if (event instanceof InputEvent.PointerMove
                    && steps.peekLast() instanceof Step.Inject(InputEvent.PointerMove _)) {
                steps.removeLast();
            }
            if (steps.size() >= LIMIT) {
                overflows++;
                steps.clear();
                steps.add(new Step.ReleaseAll());
            } else {
                steps.add(new Step.Inject(event));
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Nothing that waits is done any more; instead everything is released.
    void releaseAll() {
        lock.lock();
        try {
            steps.clear();
            steps.add(new Step.ReleaseAll());
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// The oldest step, or waits for one; empty at the timeout.
    Optional<Step> take(long timeoutMillis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        lock.lockInterruptibly();
        try {
            while (steps.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return Optional.ofNullable(steps.poll());
        } finally {
            lock.unlock();
        }
    }

    /// How often it was full.
    long overflows() {
        lock.lock();
        try {
            return overflows;
        } finally {
            lock.unlock();
        }
    }
}
