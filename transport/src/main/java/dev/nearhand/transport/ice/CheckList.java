package dev.nearhand.transport.ice;

import dev.nearhand.transport.ice.CandidatePair.State;
import dev.nearhand.transport.wire.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pairs to check, best first, and the queue of those that the other side's checks have moved to the front (RFC
/// 8445 section 6.1.2 and 6.1.4.1). Knows nothing of messages or times.
final class CheckList {
    /// "An ICE agent MUST limit the total number of connectivity checks": further pairs push out the worst that is not
    /// in use, or are not added.
    static final int PAIRS_LIMIT = 100;

    private static final Comparator<CandidatePair> BEST_FIRST =
            Comparator.comparingLong(CandidatePair::priority).reversed();

    private final List<CandidatePair> pairs = new ArrayList<>();
    private final Map<Path, CandidatePair> byPath = new HashMap<>();
    private final Deque<CandidatePair> triggered = new ArrayDeque<>();

    List<CandidatePair> pairs() {
        return pairs;
    }

    @Nullable
    CandidatePair find(Path path) {
        return byPath.get(path);
    }

    /// Adds a pair unless there is one of the same path; whether it is in the list now.
    boolean add(CandidatePair pair) {
        if (byPath.containsKey(pair.path) || pairs.size() == PAIRS_LIMIT && !evictOneWorseThan(pair)) {
            return false;
        }
        pair.state = mayStartAtOnce(pair) ? State.WAITING : State.FROZEN;
        pairs.add(pair);
        pairs.sort(BEST_FIRST);
        byPath.put(pair.path, pair);
        return true;
    }

    private boolean evictOneWorseThan(CandidatePair newcomer) {
        for (CandidatePair pair : pairs.reversed()) {
            boolean isIdle = pair.state != State.SUCCEEDED && pair.state != State.IN_PROGRESS;
            if (isIdle && pair.priority() < newcomer.priority()) {
                remove(pair);
                return true;
            }
        }
        return false;
    }

    void remove(CandidatePair pair) {
        pairs.remove(pair);
        triggered.remove(pair);
        byPath.remove(pair.path);
    }

    /// Takes out all pairs of local candidates that are gone; which they were.
    List<CandidatePair> removeFrom(List<Candidate> locals) {
        List<CandidatePair> gone =
                pairs.stream().filter(pair -> locals.contains(pair.local)).toList();
        gone.forEach(this::remove);
        return gone;
    }

    /// One pair of each foundation goes first; the others wait for what it learns (RFC 8445 section 6.1.2.6).
    private boolean mayStartAtOnce(CandidatePair newcomer) {
        boolean unknown = true;
        for (CandidatePair pair : pairs) {
            if (pair.hasFoundationOf(newcomer)) {
                unknown = false;
                if (pair.state == State.SUCCEEDED) {
                    return true;
                }
            }
        }
        return unknown;
    }

    /// "The agent sets the states for all other frozen candidate pairs with the same foundation to Waiting."
    void thawFoundationOf(CandidatePair succeeded) {
        for (CandidatePair pair : pairs) {
            if (pair.state == State.FROZEN && pair.hasFoundationOf(succeeded)) {
                pair.state = State.WAITING;
            }
        }
    }

    void updatePriorities(IceRole role) {
        pairs.forEach(pair -> pair.updatePriority(role));
        pairs.sort(BEST_FIRST);
    }

    void replaceRemote(Candidate known, Candidate signalled, IceRole role) {
        for (CandidatePair pair : pairs) {
            if (pair.remote().equals(known)) {
                pair.replaceRemote(signalled, role);
            }
        }
        pairs.sort(BEST_FIRST);
    }

    /// Puts a pair at the end of the queue of triggered checks.
    void trigger(CandidatePair pair) {
        pair.state = State.WAITING;
        if (!triggered.contains(pair)) {
            triggered.add(pair);
        }
    }

    @Nullable
    CandidatePair pollTriggered() {
        return triggered.poll();
    }

    void clearTriggered() {
        triggered.clear();
    }

    /// The pair whose turn it is, thawing one when none waits; null when every pair has had its turn.
    @Nullable
    CandidatePair nextOrdinary() {
        CandidatePair frozen = null;
        for (CandidatePair pair : pairs) {
            if (pair.state == State.WAITING) {
                return pair;
            }
            if (pair.state == State.FROZEN && frozen == null) {
                frozen = pair;
            }
        }
        return frozen;
    }

    /// How many pairs wait for a check or for its answer.
    int active() {
        int count = 0;
        for (CandidatePair pair : pairs) {
            count += pair.state == State.WAITING || pair.state == State.IN_PROGRESS ? 1 : 0;
        }
        return count;
    }

    /// The best pair that works, other than `except`.
    @Nullable
    CandidatePair bestSucceeded(@Nullable CandidatePair except) {
        for (CandidatePair pair : pairs) {
            if (pair.state == State.SUCCEEDED && !pair.equals(except)) {
                return pair;
            }
        }
        return null;
    }

    /// The best pair that works and that the other side has nominated, other than `except`.
    @Nullable
    CandidatePair bestNominated(@Nullable CandidatePair except) {
        for (CandidatePair pair : pairs) {
            if (pair.isNominated && pair.state == State.SUCCEEDED && !pair.equals(except)) {
                return pair;
            }
        }
        return null;
    }

    /// Whether a pair over UDP without a server in between may still turn out to work.
    boolean mayFindFirstChoice() {
        for (CandidatePair pair : pairs) {
            if (!pair.isSecondChoice() && pair.state != State.FAILED) {
                return true;
            }
        }
        return false;
    }

    /// Nothing that was found out about the pairs counts any more.
    void forgetAll() {
        for (CandidatePair pair : pairs) {
            pair.state = State.WAITING;
            pair.isNominated = false;
            pair.nominateOnSuccess = false;
        }
    }

    /// Whether there are pairs besides one, and nothing is to be expected of any of them.
    boolean isExhausted(@Nullable CandidatePair except) {
        boolean any = false;
        for (CandidatePair pair : pairs) {
            if (!pair.equals(except)) {
                any = true;
                if (pair.state != State.FAILED && pair.state != State.SPARE) {
                    return false;
                }
            }
        }
        return any;
    }

    /// Pairs that nobody has asked for wait no longer for their turn.
    void putBy() {
        triggered.clear();
        for (CandidatePair pair : pairs) {
            if (pair.state == State.WAITING || pair.state == State.FROZEN) {
                pair.state = State.SPARE;
            }
        }
    }

    /// Every pair but one has to prove itself again, unless it has done so since.
    void recheckAllBut(@Nullable CandidatePair except, long sinceNanos) {
        for (CandidatePair pair : pairs) {
            boolean isProven = pair.state == State.SUCCEEDED && pair.succeededNanos >= sinceNanos;
            if (!pair.equals(except) && pair.state != State.IN_PROGRESS && !isProven) {
                pair.state = State.WAITING;
            }
        }
    }

    void clear() {
        pairs.clear();
        byPath.clear();
        triggered.clear();
    }
}
