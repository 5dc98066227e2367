package dev.nearhand.app.session;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// When the other side was last heard, and how long it takes to answer. Any thread.
final class Liveness {
    /// So often the viewer asks whether the host is there, while something happens.
    static final long PING_MILLIS = 2_000;

    /// So often it asks while nothing but the answers comes: a still screen is to cost nothing.
    static final long QUIET_PING_MILLIS = 2 * PING_MILLIS;

    /// After so long without a word the session is said to be silent.
    static final long SILENT_MILLIS = 6_000;

    /// After so long without a word the other side is given up: networks come back, and so do people who carry their
    /// machine to another one.
    static final long GONE_MILLIS = 300_000;

    /// A connection that does not stand after so long is given up.
    static final long CONNECT_MILLIS = 30_000;

    private long heardNanos = System.nanoTime();
    private boolean busy = true;
    private long pingId;
    private long lastPingNanos;
    private long pingNanos;
    private @Nullable Duration roundTrip;

    /// [System#nanoTime] of it.
    synchronized long heardNanos() {
        return heardNanos;
    }

    /// Something has come that is more than the answer to a ping.
    synchronized void heard() {
        heardNanos = System.nanoTime();
        busy = true;
    }

    /// An answer has come; only that to the latest ping is measured.
    synchronized void answered(long id) {
        heardNanos = System.nanoTime();
        if (id == pingId && pingNanos != 0) {
            roundTrip = Duration.ofNanos(heardNanos - pingNanos);
            pingNanos = 0;
        }
    }

    /// Asked every [#PING_MILLIS]: whether it is time for a ping. After yes, [#nextPing()] follows.
    synchronized boolean pingIsDue() {
        // half an interval of leeway for a clock that ticks a little early
        long quietLimit = TimeUnit.MILLISECONDS.toNanos(QUIET_PING_MILLIS - PING_MILLIS / 2);
        return busy || pingNanos != 0 || System.nanoTime() - lastPingNanos > quietLimit;
    }

    synchronized long silentMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos);
    }

    /// The number of a ping that is sent now.
    synchronized long nextPing() {
        pingNanos = System.nanoTime();
        lastPingNanos = pingNanos;
        busy = false;
        return ++pingId;
    }

    /// Of a message on the control channel; zero until measured.
    synchronized Duration roundTrip() {
        return roundTrip == null ? Duration.ZERO : roundTrip;
    }
}
