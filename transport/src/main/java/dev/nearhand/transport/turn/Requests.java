package dev.nearhand.transport.turn;

import dev.nearhand.transport.stun.Retransmission;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.time.TimerTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The requests that wait for their turn and those that wait for an answer.
///
/// Several are under way at a time, until one finds its nonce too old: then one by one, because where every request
/// uses the nonce up, two at a time would take it from each other for ever.
final class Requests {
    /// Further requests are refused.
    static final int LIMIT = 128;

    /// How many are under way at a time.
    static final int WINDOW = 8;

    /// After this many answers without a stale nonce several go at a time again.
    private static final int ANSWERS_TO_TRUST = 8;

    private record Waiting(Request request, int staleNonces) {}

    private final RandomGenerator random;
    private final long rtoNanos;
    private final boolean stream;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Map<TransactionId, Transaction> underWay = new LinkedHashMap<>();
    private int window = WINDOW;
    private int answers;

    Requests(RandomGenerator random, long rtoNanos, boolean stream) {
        this.random = random;
        this.rtoNanos = rtoNanos;
        this.stream = stream;
    }

    /// Whether there was room for it.
    boolean add(Request request) {
        return waiting.size() < LIMIT && waiting.add(new Waiting(request, 0));
    }

    /// Asks again at once, ahead of the others.
    ///
    /// @param staleNonces how often in a row its nonce has been too old
    void again(Request request, int staleNonces) {
        if (staleNonces > 0) {
            window = 1;
            answers = 0;
        }
        waiting.addFirst(new Waiting(request, staleNonces));
    }

    /// The transaction that a response ends, or null.
    @Nullable
    Transaction find(TransactionId id) {
        return underWay.get(id);
    }

    void remove(Transaction transaction) {
        underWay.remove(transaction.id);
    }

    void answered() {
        if (++answers >= ANSWERS_TO_TRUST) {
            window = WINDOW;
        }
    }

    /// The transaction to write now, or null.
    @Nullable
    Transaction nextDue(long nowNanos, boolean signed) {
        for (Transaction transaction : underWay.values()) {
            if (transaction.times.isDue(nowNanos)) {
                return transaction;
            }
        }
        if (underWay.size() >= window || waiting.isEmpty()) {
            return null;
        }
        Waiting next = waiting.remove();
        Transaction transaction = new Transaction(
                next.request,
                TransactionId.random(random),
                new Retransmission(nowNanos, rtoNanos, stream),
                next.staleNonces,
                signed);
        underWay.put(transaction.id, transaction);
        return transaction;
    }

    /// Takes a transaction that nobody has answered, or null.
    @Nullable
    Transaction pollOver(long nowNanos) {
        for (Transaction transaction : underWay.values()) {
            if (transaction.times.isOver(nowNanos)) {
                underWay.remove(transaction.id);
                return transaction;
            }
        }
        return null;
    }

    boolean has(Predicate<Request> which) {
        return waiting.stream().anyMatch(each -> which.test(each.request))
                || underWay.values().stream().anyMatch(each -> which.test(each.request));
    }

    void clear() {
        waiting.clear();
        underWay.clear();
    }

    long nextTimeoutNanos() {
        long next = TimerTable.NEVER;
        for (Transaction transaction : underWay.values()) {
            next = Math.min(next, transaction.times.nextNanos());
        }
        return next;
    }
}
