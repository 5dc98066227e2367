package dev.nearhand.transport.netty;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What threads ask of one event loop, done in the order in which they ask.
///
/// A loop that waits for the answer of another one goes on with what is asked of itself. Without that, two connections
/// whose callbacks call each other, as two ends in one program do, wait for ever, each on the loop that the other
/// needs, and with them every connection of these loops.
final class LoopCalls {
    private static final Logger LOG = LoggerFactory.getLogger(LoopCalls.class);
    private static final Map<EventLoop, LoopCalls> BY_LOOP = new ConcurrentHashMap<>(); // as many as there are loops

    private final EventLoop loop;
    private final BlockingQueue<Runnable> asked = new LinkedBlockingQueue<>();

    private LoopCalls(EventLoop loop) {
        this.loop = loop;
    }

    static LoopCalls of(EventLoop loop) {
        return BY_LOOP.computeIfAbsent(loop, LoopCalls::new);
    }

    /// Has `task` run on the loop, later also when called there.
    void ask(Runnable task) {
        asked.add(task);
        loop.execute(this::runNext);
    }

    private void runNext() {
        Runnable next = asked.poll();
        if (next != null) {
            run(next);
        }
    }

    /// Waits for `answer`, on any thread.
    ///
    /// @throws java.util.concurrent.CompletionException as [CompletableFuture#join]
    static <T> T join(CompletableFuture<T> answer) {
        // what is asked of the own loop is answered at once: there is nothing to wait for, and nothing to be woken from
        EventLoop here = answer.isDone() ? null : EventLoops.current();
        if (here != null) {
            of(here).runUntilDone(answer);
        }
        return answer.join();
    }

    private void runUntilDone(CompletableFuture<?> answer) {
        answer.whenComplete((_, _) -> ask(() -> {})); // ends the last wait
        boolean interrupted = false;
        while (!answer.isDone()) {
            try {
                run(asked.take());
            } catch (InterruptedException keepOn) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | AssertionError bug) {
            LOG.error("a task of a connection failed", bug); // whoever waits here has nothing to do with it
        }
    }
}
