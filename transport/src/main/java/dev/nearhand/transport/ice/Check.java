package dev.nearhand.transport.ice;

import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.time.TimerTable;

/// A Binding request under way on a pair: a connectivity check, a nomination, or a question for consent.
final class Check {
    /// What the answer decides.
    enum Purpose {
        CONNECTIVITY,
        NOMINATION,
        CONSENT,
        /// Whether a pair that is not in use still works.
        SPARE
    }

    final TransactionId id;
    final CandidatePair pair;
    final Purpose purpose;
    final IceRole role;
    /// When it is given up.
    final long expiresNanos;

    long lastSentNanos;
    long rtoNanos;
    /// When it is due to be sent, or sent again; NEVER when it only waits.
    long dueNanos;
    int transmissions;

    Check(TransactionId id, CandidatePair pair, Purpose purpose, IceRole role, long dueNanos, long expiresNanos) {
        this.id = id;
        this.pair = pair;
        this.purpose = purpose;
        this.role = role;
        this.dueNanos = dueNanos;
        this.expiresNanos = expiresNanos;
    }

    /// An answer that still comes is taken; nothing more is sent.
    void stopSending() {
        dueNanos = TimerTable.NEVER;
    }
}
