package dev.nearhand.transport.sctp;

import dev.nearhand.transport.time.TimerTable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds lost chunks by time: one is lost when something sent after it has arrived, and a round trip and a little more
/// have gone by since it was sent ([RFC 8985 section 6](https://www.rfc-editor.org/rfc/rfc8985#section-6), RACK).
///
/// Looks at chunks in the order in which they were sent, so a retransmission that is lost again is found the same way.
final class LossDetector {
    /// "DupThresh": so many chunks ahead of a hole, and it is not waited for as long as nothing was ever reordered.
    private static final int MISSING_REPORTS_FOR_LOSS = 3;

    private static final int MAX_WINDOW_STEPS = 16;
    private static final int RECOVERIES_TO_FORGET = 16;
    private static final long MIN_RTT_SPAN_NANOS = 10_000_000_000L;

    private final SentChunks sent;
    private final RetransmissionTimeout timeout;

    /// The newest transmission that has arrived: its order, and how long its round trip took.
    private long newestOrder = -1;

    private long rttNanos;

    private long minRttNanos;
    private long minRttSinceNanos;
    private long previousMinRttNanos;

    private boolean reorderingSeen;
    private int windowSteps = 1;
    private int recoveriesToForget;
    private long widenedNanos;

    LossDetector(SentChunks sent, RetransmissionTimeout timeout) {
        this.sent = sent;
        this.timeout = timeout;
    }

    /// The least round trip of the last 10 to 20 s, or 0.
    long minRttNanos() {
        return previousMinRttNanos == 0 ? minRttNanos : Math.min(minRttNanos, previousMinRttNanos);
    }

    /// The order of the newest transmission that is known to have arrived, or -1.
    long newestOrder() {
        return newestOrder;
    }

    /// Takes what a SACK acknowledged (steps 1 to 4).
    void onSack(long nowNanos, SentChunks.Outcome outcome, boolean duplicates) {
        reorderingSeen |= outcome.reordered;
        if (duplicates && nowNanos - widenedNanos >= timeout.smoothedNanos()) {
            // something was sent twice in vain: wait longer from now on, one step in a round trip
            widenedNanos = nowNanos;
            windowSteps = Math.min(windowSteps + 1, MAX_WINDOW_STEPS);
            recoveriesToForget = RECOVERIES_TO_FORGET;
        }
        SentChunk newest = outcome.newest;
        if (newest == null) {
            return;
        }
        long rtt = nowNanos - newest.sentNanos;
        if (newest.transmissions > 1 && rtt < minRttNanos) {
            return; // the answer to an earlier transmission of it
        }
        measureMin(nowNanos, rtt);
        if (newest.sendOrder > newestOrder) {
            newestOrder = newest.sendOrder;
            rttNanos = rtt;
        }
    }

    private void measureMin(long nowNanos, long rtt) {
        if (nowNanos - minRttSinceNanos > MIN_RTT_SPAN_NANOS) {
            previousMinRttNanos = minRttNanos;
            minRttNanos = 0;
            minRttSinceNanos = nowNanos;
        }
        minRttNanos = minRttNanos == 0 ? rtt : Math.min(minRttNanos, rtt);
    }

    /// A recovery has ended.
    void onRecovered() {
        if (recoveriesToForget > 0) {
            recoveriesToForget--;
            if (recoveriesToForget == 0) {
                windowSteps = 1;
            }
        }
    }

    void restart() {
        newestOrder = -1;
    }

    /// Hands over each lost chunk, whose state the consumer changes (step 5).
    ///
    /// @return when to look again, or NEVER
    long detect(long nowNanos, boolean recovering, Consumer<SentChunk> onLost) {
        long waitNanos = rttNanos + reorderingWindowNanos(recovering);
        for (@Nullable SentChunk oldest = sent.oldestInFlight();
                oldest != null && oldest.sendOrder < newestOrder;
                oldest = sent.oldestInFlight()) {
            if (nowNanos < oldest.sentNanos + waitNanos) {
                return oldest.sentNanos + waitNanos;
            }
            onLost.accept(oldest);
        }
        return TimerTable.NEVER;
    }

    private long reorderingWindowNanos(boolean recovering) {
        if (!reorderingSeen && (recovering || sent.ackedAhead() >= MISSING_REPORTS_FOR_LOSS)) {
            return 0;
        }
        return Math.min(windowSteps * minRttNanos() / 4, timeout.smoothedNanos());
    }
}
