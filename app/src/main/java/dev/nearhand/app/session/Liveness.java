package dev.nearhand.app.session;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// When the other side was last heard, and how long it takes to answer. Any thread.
final class Liveness {
    /// So often the viewer asks whether the host is there; more often would cost a still screen more than it tells.
    static final long PING_MILLIS = 2_000;

    /// After so long without a word the session is said to be silent.
    static final long SILENT_MILLIS = 5_000;

    /// After so long without a word the other side is given up.
    static final long GONE_MILLIS = 15_000;

    /// A connection that does not stand after so long is given up.
    static final long CONNECT_MILLIS = 30_000;

    private long heardNanos = System.nanoTime();
    private long pingId;
    private long pingNanos;
    private @Nullable Duration roundTrip;

    synchronized void heard() {
        heardNanos = System.nanoTime();
    }

    synchronized long silentMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos);
    }

    /// The number of a ping that is sent now.
    synchronized long nextPing() {
        pingNanos = System.nanoTime();
        return ++pingId;
    }

    /// Only the answer to the latest ping is measured.
    synchronized void answered(long id) {
        if (id == pingId && pingNanos != 0) {
            roundTrip = Duration.ofNanos(System.nanoTime() - pingNanos);
            pingNanos = 0;
        }
    }

    /// Of a message on the control channel; zero until measured.
    synchronized Duration roundTrip() {
        return roundTrip == null ? Duration.ZERO : roundTrip;
    }
}
