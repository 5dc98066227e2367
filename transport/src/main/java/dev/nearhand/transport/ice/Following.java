package dev.nearhand.transport.ice;

import dev.nearhand.transport.time.TimerTable;
import org.jspecify.annotations.Nullable;

/// Whether the other side has come along to another pair. RFC 8445 knows one nomination, and an agent that keeps to its
/// first goes on sending along a dead pair while it answers checks of every other: only its data tells.
final class Following {
    /// What is sent has an answer of some kind sooner: an acknowledgement within the second, and a report of RTCP after
    /// 6.2 s at the latest (RFC 3550 section 6.3.1: 5 s, times 1.5, over e - 1.5).
    static final long PATIENCE_NANOS = 7_000_000_000L;

    private @Nullable CandidatePair heardAlong;
    private @Nullable CandidatePair waitingAlong;
    private long waitingSinceNanos = TimerTable.NEVER;

    /// Something that is no check is sent along the pair in use.
    void onSent(long nowNanos, CandidatePair selected) {
        boolean hasMoved = heardAlong != null && !heardAlong.equals(selected);
        if (hasMoved && (waitingSinceNanos == TimerTable.NEVER || !selected.equals(waitingAlong))) {
            waitingAlong = selected;
            waitingSinceNanos = nowNanos;
        }
    }

    /// Something that is no check has come. Along another pair than ours is as good: it gets here.
    void onHeard(CandidatePair pair) {
        heardAlong = pair;
        rest();
    }

    /// Says once that the time is over.
    boolean isMissed(long nowNanos) {
        boolean isOver = nowNanos >= nextTimeoutNanos();
        if (isOver) {
            rest();
        }
        return isOver;
    }

    long nextTimeoutNanos() {
        return waitingSinceNanos == TimerTable.NEVER ? TimerTable.NEVER : waitingSinceNanos + PATIENCE_NANOS;
    }

    /// There is no path along which anything could come, or nothing to wait for.
    void rest() {
        waitingSinceNanos = TimerTable.NEVER;
    }
}
