package dev.nearhand.app.session;

import dev.nearhand.app.session.protocol.ControlMessage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Ends a session once: says goodbye if the other side is still there, gives that message a moment to arrive, and
/// closes the link. Any thread.
final class SessionEnd {
    private static final long GOODBYE_MILLIS = 200;
    /// What the closed link still says leaves on its own thread; the process may end right after this session.
    private static final long LINK_MILLIS = 50;

    private final ScheduledExecutorService clock;
    private final PeerLink link;
    private final MessageSender send;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch finished = new CountDownLatch(2);
    private volatile @Nullable Thread finisher;

    SessionEnd(ScheduledExecutorService clock, PeerLink link, MessageSender send) {
        this.clock = clock;
        this.link = link;
        this.send = send;
    }

    boolean begun() {
        return begun.get();
    }

    /// @param goodbye what the other side is told; may be empty
    /// @param tell whether it is told at all: not when it is gone
    /// @return whether this call is the one that ends the session
    boolean begin(String goodbye, boolean tell) {
        if (!begun.compareAndSet(false, true)) {
            return false;
        }
        boolean told = tell && send.send(new ControlMessage.Bye(Words.bounded(goodbye, ControlMessage.REASON_LIMIT)));
        clock.schedule(this::closeLink, told ? GOODBYE_MILLIS : 0, TimeUnit.MILLISECONDS);
        return true;
    }

    /// The session's threads have ended.
    ///
    /// @param report tells the listener; it may call [#await], which does not wait for itself
    void finish(Runnable report) {
        finisher = Thread.currentThread();
        try {
            report.run();
        } finally {
            finished.countDown();
        }
    }

    /// Waits until the link is closed, the threads have ended and the listener knows, but not for ever.
    void await(long limitMillis) {
        if (Thread.currentThread() == finisher) {
            return;
        }
        try {
            finished.await(limitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeLink() {
        link.close();
        clock.schedule(
                () -> {
                    finished.countDown();
                    clock.shutdownNow();
                },
                LINK_MILLIS,
                TimeUnit.MILLISECONDS);
    }
}
