package dev.nearhand.transport.netty;

import dev.nearhand.transport.time.TimerTable;
import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The one timer of a core on its event loop. Being put off for a little, the common case, costs it nothing: a timer
/// that fires too early finds that out. On the loop only.
final class LoopTimer {
    /// Put off by so much, the connection is idle, and a timer that fires only to find that out would be a good part
    /// of what it costs; one that is busy puts its timers off by less.
    private static final long IDLE_NANOS = 500_000_000;

    private final EventLoop loop;
    private final LongSupplier clock;
    private final LongConsumer onTimer;
    private @Nullable Future<?> scheduled;
    private long scheduledNanos = TimerTable.NEVER;
    private long wantedNanos = TimerTable.NEVER;

    /// @param onTimer is told the time
    LoopTimer(EventLoop loop, LongSupplier clock, LongConsumer onTimer) {
        this.loop = loop;
        this.clock = clock;
        this.onTimer = onTimer;
    }

    void wakeAt(long atNanos) {
        wantedNanos = atNanos;
        if (atNanos < scheduledNanos) {
            schedule(atNanos);
        } else if (scheduledNanos != TimerTable.NEVER && atNanos - scheduledNanos > IDLE_NANOS) {
            if (atNanos == TimerTable.NEVER) {
                cancel();
            } else {
                schedule(atNanos);
            }
        }
    }

    private void schedule(long atNanos) {
        cancel();
        scheduledNanos = atNanos;
        scheduled = loop.schedule(this::fire, Math.max(0, atNanos - clock.getAsLong()), TimeUnit.NANOSECONDS);
    }

    private void fire() {
        scheduled = null;
        scheduledNanos = TimerTable.NEVER;
        if (wantedNanos == TimerTable.NEVER) {
            return;
        }
        long now = clock.getAsLong();
        if (now < wantedNanos) {
            schedule(wantedNanos); // it was put off since
            return;
        }
        wantedNanos = TimerTable.NEVER;
        onTimer.accept(now);
    }

    void cancel() {
        if (scheduled != null) {
            scheduled.cancel(false);
            scheduled = null;
            scheduledNanos = TimerTable.NEVER;
        }
    }
}
