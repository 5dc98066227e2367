package dev.nearhand.app.session;

import java.util.concurrent.TimeUnit;

/// How many bytes of tiles may be on their way: grows with what is acknowledged, shrinks when that begins to take
/// longer than it can, so that a letter never has to wait behind much. One thread at a time.
final class TileWindow {
    static final int LEAST_BYTES = 16 << 10;
    static final int MOST_BYTES = 1 << 20;
    private static final int FIRST_BYTES = 48 << 10;
    /// What waits in queues may add so much.
    private static final long QUEUE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    /// Nothing comes back for so long: whatever the path has become, it carries little.
    private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    /// The shortest way is looked for anew so often.
    private static final long FORGET_NANOS = TimeUnit.SECONDS.toNanos(20);

    private int bytes = FIRST_BYTES;
    private long shortestNanos = Long.MAX_VALUE;
    private long shortestAtNanos;
    private long shrunkNanos;
    private boolean shrunk;

    /// @param acknowledged bytes
    /// @param tookNanos from sending to the answer
    void acknowledged(long acknowledged, long tookNanos, long nowNanos) {
        if (tookNanos <= shortestNanos || nowNanos - shortestAtNanos > FORGET_NANOS) {
            shortestNanos = tookNanos;
            shortestAtNanos = nowNanos;
        }
        if (tookNanos <= shortestNanos + QUEUE_NANOS) {
            bytes = (int) Math.min(MOST_BYTES, bytes + acknowledged);
        } else if (!shrunk || nowNanos - shrunkNanos > tookNanos) {
            shrunk = true;
            shrunkNanos = nowNanos;
            bytes = Math.max(LEAST_BYTES, bytes * 2 / 3);
        }
    }

    /// @param onTheWay bytes without an answer
    /// @param oldestNanos how long the oldest of them has been waiting for it
    /// @param share so many times less than all may be used
    boolean hasRoom(long onTheWay, long oldestNanos, int share) {
        return onTheWay < bytes / share
                && oldestNanos < (shortestNanos == Long.MAX_VALUE ? 1_000_000_000L : STUCK_NANOS + 2 * shortestNanos);
    }

    int bytes() {
        return bytes;
    }
}
