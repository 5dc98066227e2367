package dev.nearhand.app.session;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The threads of sessions: named, and never what keeps the program alive.
final class SessionThreads {
    private SessionThreads() {}

    static Thread start(String name, Runnable body) {
        return Thread.ofPlatform().daemon().name("nearhand-" + name).start(body);
    }

    /// One thread for what happens at certain times.
    static ScheduledExecutorService clock(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("nearhand-" + name).factory());
    }

    /// Waits for the end of `thread`, unless this is it; an interruption of the caller is kept for later.
    static void join(Thread thread, long limitMillis) {
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        while (thread.isAlive()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                break;
            }
            try {
                thread.join(left);
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
