package dev.nearhand.transport.turn;

import dev.nearhand.transport.stun.Retransmission;
import dev.nearhand.transport.stun.TransactionId;

/// A request under way: under which identity, and how often its nonce was too old.
final class Transaction {
    final Request request;
    final TransactionId id;
    final Retransmission times;
    final int staleNonces;
    /// Whether it was signed, so that another 401 says that the credentials are wrong.
    final boolean signed;

    Transaction(Request request, TransactionId id, Retransmission times, int staleNonces, boolean signed) {
        this.request = request;
        this.id = id;
        this.times = times;
        this.staleNonces = staleNonces;
        this.signed = signed;
    }
}
