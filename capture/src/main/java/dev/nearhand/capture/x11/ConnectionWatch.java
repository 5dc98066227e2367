package dev.nearhand.capture.x11;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Tells once when an X server is gone, by a connection of its own that is never used for anything else, and when
/// Xlib says that any other connection of this process is lost.
///
/// The toolkit's answer to a lost connection is to end the process on the spot. So after [#stayInFront()] the thread
/// that finds the loss in a connection of the toolkit is kept for ever: whoever is told has to end the process. Any
/// thread.
public final class ConnectionWatch implements AutoCloseable {
    private final X11Display display;
    private final Runnable lost;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean closing;

    private ConnectionWatch(X11Display display, Runnable lost) {
        this.display = display;
        this.lost = lost;
    }

    /// @param name such as `:0`; empty for the value of `DISPLAY`
    /// @param lost run at most once, on a thread of its own
    /// @throws X11Exception when there is no such display
    public static ConnectionWatch start(String name, Runnable lost) {
        ConnectionWatch watch = new ConnectionWatch(X11Display.open(name), lost);
        Thread.ofPlatform().daemon().name("nearhand-display-watch").start(watch::watch);
        return watch;
    }

    /// From now on Xlib reports lost connections of others here first; to be called when the toolkit has opened its
    /// own connection, since that brings a handler of its own.
    public void stayInFront() {
        ErrorHandlers.reportLosses(this::lostElsewhere);
    }

    @Override
    public void close() {
        ErrorHandlers.reportLosses(null);
        synchronized (this) {
            if (!closing) {
                closing = true;
                display.wake();
            }
        }
    }

    /// Ends the process at once. `Runtime.halt` does not: what native libraries do at the end of a process waits for
    /// the lock of the connection that a thread was kept in (seen with GTK 3.24: it hung for good).
    public static void endProcess(int code) {
        LibC.exit(code);
    }

    private void watch() {
        try {
            while (!closing) {
                display.awaitEvents(-1);
                if (!closing) {
                    display.drain();
                }
            }
        } catch (X11Exception _) {
            tell();
        } finally {
            synchronized (this) {
                closing = true;
                display.close();
            }
        }
    }

    private void lostElsewhere() {
        Thread.ofPlatform().daemon().name("nearhand-display-lost").start(this::tell);
        while (true) {
            // to return means the end of the process before anything is said
            LockSupport.park(this);
        }
    }

    private void tell() {
        if (told.compareAndSet(false, true)) {
            lost.run();
        }
    }
}
