package dev.nearhand.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How long a command goes on: until something ends it, or the process is told to end.
final class Lifetime {
    private final CountDownLatch end = new CountDownLatch(1);

    void end() {
        end.countDown();
    }

    /// Waits so long at most, and answers whether it is over.
    boolean ended(long millis) throws InterruptedException {
        return end.await(millis, TimeUnit.MILLISECONDS);
    }

    void await() throws InterruptedException {
        end.await();
    }

    /// Ctrl-C and a request to end close `resource` before the process is gone.
    void closeAtExit(AutoCloseable resource) {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("nearhand-exit").unstarted(() -> {
                    end();
                    try {
                        resource.close();
                    } catch (Exception _) {
                        // the process ends anyway
                    }
                }));
    }

    /// Whoever started this process is gone when its end of our standard input is closed.
    void endWhenStdinCloses() {
        Thread.ofPlatform().daemon().name("nearhand-stdin").start(() -> {
            InputStream in = System.in;
            try {
                while (in.read() >= 0) {
                    // what it says does not matter
                }
            } catch (IOException _) {
                // as when it ends
            }
            end();
        });
    }
}
