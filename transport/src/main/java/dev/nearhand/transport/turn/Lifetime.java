package dev.nearhand.transport.turn;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.time.TimerTable;
import org.jspecify.annotations.Nullable;

/// When an allocation is refreshed, when it ends by itself, and how long the answer to its deletion is waited for.
final class Lifetime {
    enum Timer {
        REFRESH,
        /// The allocation ends on the server unless it was refreshed.
        EXPIRY,
        DELETION
    }

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long REFRESH_RETRY_NANOS = 5 * SECOND_NANOS;
    private static final long MAX_SECONDS = 3_600;

    private final TimerTable<Timer> timers = new TimerTable<>(Timer.class);

    /// The server has granted so much as its response says.
    ///
    /// @param askedSeconds what counts when it does not say
    void begin(long nowNanos, StunMessage response, long askedSeconds) {
        StunAttribute.Lifetime told = response.find(StunAttribute.Lifetime.class);
        long seconds = told == null ? askedSeconds : Math.clamp(told.seconds(), 2, MAX_SECONDS);
        timers.set(Timer.EXPIRY, nowNanos + seconds * SECOND_NANOS);
        // "it SHOULD do this at least one minute before" the end, which the shortest lifetimes do not allow
        timers.set(Timer.REFRESH, nowNanos + Math.max(seconds / 2, seconds - 60) * SECOND_NANOS);
    }

    /// It is refreshed then, whatever the server granted.
    void refreshAt(long atNanos) {
        timers.set(Timer.REFRESH, atNanos);
    }

    void refreshLater(long nowNanos) {
        timers.set(Timer.REFRESH, nowNanos + REFRESH_RETRY_NANOS);
    }

    void waitForDeletion(long untilNanos) {
        timers.set(Timer.DELETION, untilNanos);
    }

    void end() {
        timers.clearAll();
    }

    @Nullable
    Timer pollDue(long nowNanos) {
        return timers.pollDue(nowNanos);
    }

    boolean isRunning(Timer timer) {
        return timers.isRunning(timer);
    }

    long nextNanos() {
        return timers.nextNanos();
    }
}
