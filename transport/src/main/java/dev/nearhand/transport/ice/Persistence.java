package dev.nearhand.transport.ice;

import dev.nearhand.transport.time.TimerTable;

/// Keeps looking for a path that was lost: when every pair has failed they are all checked again, for a link that was
/// cut may be mended. A pair that answers nothing costs a check every 1.6 s or so, paced with the others by Ta.
final class Persistence {
    /// Where checks are refused and not only lost, they fail at once, and are not sent again sooner than this.
    private static final long INTERVAL_NANOS = 2_000_000_000L;

    private final Progress progress;
    private final CheckList checkList;
    private final Selection selection;
    private long nextNanos;

    Persistence(Progress progress, CheckList checkList, Selection selection) {
        this.progress = progress;
        this.checkList = checkList;
        this.selection = selection;
    }

    private boolean isWanted() {
        boolean isSearching =
                progress.is(IceState.DISCONNECTED) || progress.is(IceState.CHECKING) && progress.hasConnected();
        return isSearching && checkList.isExhausted(selection.selected());
    }

    void handleTimeout(long nowNanos) {
        if (nowNanos >= nextNanos && isWanted()) {
            nextNanos = nowNanos + INTERVAL_NANOS;
            checkList.recheckAllBut(selection.selected(), nowNanos);
        }
    }

    long nextTimeoutNanos() {
        return isWanted() ? nextNanos : TimerTable.NEVER;
    }
}
