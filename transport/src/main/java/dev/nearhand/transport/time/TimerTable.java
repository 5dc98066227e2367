package dev.nearhand.transport.time;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The timers of one core, one slot for each constant of an enum: set, cleared, and asked which is due.
///
/// Times are nanoseconds of the driver's monotonic clock. Single-threaded like the core that owns it.
///
/// @param <K> the enum that names the timers
public final class TimerTable<K extends Enum<K>> {
    /// No timer runs.
    public static final long NEVER = Long.MAX_VALUE;

    private final K[] keys;
    private final long[] dueNanos;

    public TimerTable(Class<K> keys) {
        this.keys = keys.getEnumConstants();
        this.dueNanos = new long[this.keys.length];
        Arrays.fill(dueNanos, NEVER);
    }

    /// Starts or restarts a timer, due at an absolute time.
    public void set(K key, long atNanos) {
        dueNanos[key.ordinal()] = atNanos;
    }

    /// Starts a timer unless it runs already.
    public void setIfIdle(K key, long atNanos) {
        if (!isRunning(key)) {
            set(key, atNanos);
        }
    }

    public void clear(K key) {
        dueNanos[key.ordinal()] = NEVER;
    }

    public void clearAll() {
        Arrays.fill(dueNanos, NEVER);
    }

    public boolean isRunning(K key) {
        return dueNanos[key.ordinal()] != NEVER;
    }

    /// When the timer is due, or [#NEVER].
    public long dueNanos(K key) {
        return dueNanos[key.ordinal()];
    }

    /// When the earliest timer is due, or [#NEVER].
    public long nextNanos() {
        long next = NEVER;
        for (long due : dueNanos) {
            next = Math.min(next, due);
        }
        return next;
    }

    /// Takes the earliest timer that is due at `nowNanos`, clearing it, or null when none is.
    public @Nullable K pollDue(long nowNanos) {
        int earliest = -1;
        for (int i = 0; i < dueNanos.length; i++) {
            if (dueNanos[i] <= nowNanos && (earliest < 0 || dueNanos[i] < dueNanos[earliest])) {
                earliest = i;
            }
        }
        if (earliest < 0 || dueNanos[earliest] == NEVER) {
            return null;
        }
        dueNanos[earliest] = NEVER;
        return keys[earliest];
    }
}
