package dev.nearhand.transport.ice;

import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.time.TimerTable;
import java.util.LinkedHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The checks that wait to be sent, sent again, answered or given up, oldest first.
final class OutstandingChecks {
    /// One for each pair, with nominations and half a minute of questions for consent; when full the oldest is
    /// forgotten, as if its answer were lost.
    static final int LIMIT = 256;

    private final LinkedHashMap<TransactionId, Check> byId = new LinkedHashMap<>();

    void add(Check check) {
        if (byId.size() == LIMIT) {
            byId.pollFirstEntry();
        }
        byId.put(check.id, check);
    }

    @Nullable
    Check find(TransactionId id) {
        return byId.get(id);
    }

    void remove(Check check) {
        byId.remove(check.id);
    }

    @Nullable
    Check findUnanswered(CandidatePair pair, Check.Purpose purpose) {
        for (Check check : byId.values()) {
            if (check.pair.equals(pair) && check.purpose == purpose) {
                return check;
            }
        }
        return null;
    }

    boolean hasAny(Check.Purpose purpose) {
        for (Check check : byId.values()) {
            if (check.purpose == purpose) {
                return true;
            }
        }
        return false;
    }

    /// The check to send now, or null.
    @Nullable
    Check nextDue(long nowNanos) {
        for (Check check : byId.values()) {
            if (check.dueNanos <= nowNanos) {
                return check;
            }
        }
        return null;
    }

    /// Takes a check whose time is over, or null.
    @Nullable
    Check pollExpired(long nowNanos) {
        for (Check check : byId.values()) {
            if (check.expiresNanos <= nowNanos) {
                byId.remove(check.id);
                return check;
            }
        }
        return null;
    }

    void stopSending(Predicate<Check> which) {
        for (Check check : byId.values()) {
            if (which.test(check)) {
                check.stopSending();
            }
        }
    }

    void removeIf(Predicate<Check> which) {
        byId.values().removeIf(which);
    }

    long nextTimeoutNanos() {
        long next = TimerTable.NEVER;
        for (Check check : byId.values()) {
            next = Math.min(next, Math.min(check.dueNanos, check.expiresNanos));
        }
        return next;
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    void clear() {
        byId.clear();
    }
}
