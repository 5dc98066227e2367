package dev.nearhand.transport.ice;

import dev.nearhand.transport.time.TimerTable;
import org.jspecify.annotations.Nullable;

/// Which pair the controlling side nominates, and when (RFC 8445 section 8.1.1): the first that works, except that one
/// that is relayed or a TCP connection waits a little for a direct one over UDP. Data does not wait: it flows on the
/// first pair that works.
final class Nomination {
    private final CheckList checkList;
    private final long relayPatienceNanos;
    private long waitEndNanos = TimerTable.NEVER;
    private boolean isUrgent;

    Nomination(CheckList checkList, IceConfig config) {
        this.checkList = checkList;
        this.relayPatienceNanos = config.relayPatienceNanos();
    }

    /// The pair to nominate now, or null.
    ///
    /// @param lost the pair whose path has fallen silent
    @Nullable
    CandidatePair choose(long nowNanos, @Nullable CandidatePair lost) {
        CandidatePair best = checkList.bestSucceeded(lost);
        if (best == null || isUrgent || !best.isSecondChoice() || !checkList.mayFindFirstChoice()) {
            return best;
        }
        if (waitEndNanos == TimerTable.NEVER) {
            waitEndNanos = nowNanos + relayPatienceNanos;
        }
        return nowNanos >= waitEndNanos ? best : null;
    }

    /// The path in use is lost: any other that works is good enough.
    void hurry() {
        isUrgent = true;
    }

    boolean isDue(long nowNanos) {
        return nowNanos >= waitEndNanos;
    }

    /// When [#choose] may answer differently by itself, or NEVER.
    long nextTimeoutNanos() {
        return waitEndNanos;
    }

    /// A pair is being nominated, or all begins anew.
    void stopWaiting() {
        waitEndNanos = TimerTable.NEVER;
    }

    /// A pair is nominated.
    void satisfied() {
        isUrgent = false;
        stopWaiting();
    }
}
