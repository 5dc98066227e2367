package dev.nearhand.transport.ice;

import dev.nearhand.transport.ice.CandidatePair.State;
import dev.nearhand.transport.time.SharedTick;
import dev.nearhand.transport.time.TimerTable;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The pairs beside the one in use that are kept warm: one of another interface, one through a relay, one more without.
/// Each is asked every ten seconds, which keeps NATs and permissions open; a place whose pair does not answer tries the
/// next of its kind, ever more seldom. None over TCP: each question would open a connection. Both sides do it: a NAT
/// opens only to who is sent to.
final class SparePairs {
    private static final long SECOND = 1_000_000_000;

    private static final long FIRST_NANOS = SECOND / 2;
    private static final long WARM_INTERVAL_NANOS = 10 * SECOND;
    private static final long COLD_INTERVAL_NANOS = 2 * SECOND;
    private static final long MAX_COLD_INTERVAL_NANOS = 20 * SECOND;
    /// While it seems that a pair is better than the one in use.
    private static final long PROMISING_INTERVAL_NANOS = SECOND;

    /// How long an answer says that a pair works.
    private static final long WARMTH_NANOS = 35 * SECOND;

    private enum Kind {
        OTHER_INTERFACE,
        RELAYED,
        DIRECT;

        boolean fits(CandidatePair pair, CandidatePair selected) {
            return switch (this) {
                case OTHER_INTERFACE ->
                    !pair.isRelayed()
                            && !pair.path
                                    .local()
                                    .getAddress()
                                    .equals(selected.path.local().getAddress());
                case RELAYED -> pair.isRelayed();
                case DIRECT -> !pair.isRelayed();
            };
        }
    }

    private static final class Place {
        final Kind kind;

        @Nullable
        CandidatePair pair;

        long nextNanos;
        long coldNanos = COLD_INTERVAL_NANOS;

        Place(Kind kind) {
            this.kind = kind;
        }
    }

    private final CheckList checkList;
    private final CheckScheduler checks;
    private final RandomGenerator random;
    private final List<Place> places = new ArrayList<>();
    private boolean isRunning;

    SparePairs(CheckList checkList, CheckScheduler checks, RandomGenerator random) {
        this.checkList = checkList;
        this.checks = checks;
        this.random = random;
        for (Kind kind : Kind.values()) {
            places.add(new Place(kind));
        }
    }

    void stop() {
        isRunning = false;
        places.forEach(place -> place.pair = null);
    }

    private void start(long nowNanos) {
        isRunning = true;
        double jitter = jitter();
        for (Place place : places) {
            place.coldNanos = COLD_INTERVAL_NANOS;
            place.nextNanos = nextNanos(nowNanos, FIRST_NANOS, jitter);
        }
    }

    void handleTimeout(long nowNanos, CandidatePair selected) {
        if (!isRunning) {
            start(nowNanos);
        }
        if (nowNanos < nextTimeoutNanos()) {
            return;
        }
        double jitter = jitter(); // the same for all, so that they are asked together
        for (Place place : places) {
            if (nowNanos >= place.nextNanos) {
                place.pair = null;
                place.pair = choose(nowNanos, place.kind, selected);
                place.nextNanos = nextNanos(nowNanos, intervalNanos(nowNanos, place), jitter);
                ask(nowNanos, place.pair);
            }
        }
    }

    private static long intervalNanos(long nowNanos, Place place) {
        CandidatePair pair = place.pair;
        if (pair == null || isWarm(nowNanos, pair)) {
            place.coldNanos = COLD_INTERVAL_NANOS;
            return pair != null && pair.betterCount > 0 ? PROMISING_INTERVAL_NANOS : WARM_INTERVAL_NANOS;
        }
        long interval = place.coldNanos;
        place.coldNanos = Math.min(2 * interval, MAX_COLD_INTERVAL_NANOS);
        return interval;
    }

    /// The best that is warm, or else the one that has not been tried for longest.
    private @Nullable CandidatePair choose(long nowNanos, Kind kind, CandidatePair selected) {
        CandidatePair cold = null;
        for (CandidatePair pair : checkList.pairs()) {
            if (pair.equals(selected) || pair.path.stream() || isTaken(pair) || !kind.fits(pair, selected)) {
                continue;
            }
            if (isWarm(nowNanos, pair)) {
                return pair;
            }
            boolean isBeingChecked =
                    pair.state != State.SUCCEEDED && pair.state != State.SPARE && pair.state != State.FAILED;
            if (!isBeingChecked && (cold == null || pair.askedNanos < cold.askedNanos)) {
                cold = pair;
            }
        }
        return cold;
    }

    private boolean isTaken(CandidatePair pair) {
        return places.stream().anyMatch(place -> pair.equals(place.pair));
    }

    private static boolean isWarm(long nowNanos, CandidatePair pair) {
        return pair.state == State.SUCCEEDED && nowNanos - pair.succeededNanos <= WARMTH_NANOS;
    }

    /// A pair has answered that may be better than the one in use: its place asks it again soon.
    void onPromising(long nowNanos, CandidatePair pair, CandidatePair selected) {
        if (!isRunning) {
            return;
        }
        Place free = null;
        for (Place place : places) {
            if (pair.equals(place.pair)) {
                free = place;
                break;
            }
            if (place.kind.fits(pair, selected)) {
                free = place;
            }
        }
        if (free != null) {
            free.pair = pair;
            free.nextNanos = Math.min(free.nextNanos, nowNanos + PROMISING_INTERVAL_NANOS);
        }
    }

    /// Asks those that have not answered since, as the pair in use does not answer either.
    void askAllUnheardSince(long nowNanos, long sinceNanos, CandidatePair selected) {
        for (Place place : places) {
            CandidatePair pair = place.pair;
            if (pair != null && !pair.equals(selected) && !hasAnsweredSince(pair, sinceNanos)) {
                ask(nowNanos, pair);
            }
        }
    }

    static boolean hasAnsweredSince(CandidatePair pair, long sinceNanos) {
        return pair.state == State.SUCCEEDED && pair.succeededNanos >= sinceNanos;
    }

    /// The best pair that has answered since, or null; one that the other side has nominated goes first.
    @Nullable
    CandidatePair best(CandidatePair selected, long sinceNanos) {
        CandidatePair best = null;
        for (CandidatePair pair : checkList.pairs()) {
            boolean works = !pair.equals(selected) && hasAnsweredSince(pair, sinceNanos);
            if (works && (best == null || pair.isNominated && !best.isNominated)) {
                best = pair;
            }
        }
        return best;
    }

    boolean isRunning() {
        return isRunning;
    }

    boolean hasAny() {
        for (Place place : places) {
            if (place.pair != null) {
                return true;
            }
        }
        return false;
    }

    void ask(long nowNanos, @Nullable CandidatePair pair) {
        if (pair != null) {
            pair.askedNanos = nowNanos;
            checks.keepWarm(nowNanos, pair);
        }
    }

    /// Never while there is no pair to ask but the one in use.
    long nextTimeoutNanos() {
        long next = TimerTable.NEVER;
        if (!isRunning || checkList.pairs().size() < 2) {
            return next;
        }
        for (Place place : places) {
            next = Math.min(next, place.nextNanos);
        }
        return next;
    }

    private double jitter() {
        return 0.8 + 0.4 * random.nextDouble();
    }

    private static long nextNanos(long nowNanos, long intervalNanos, double jitter) {
        return SharedTick.from(nowNanos + (long) (intervalNanos * jitter));
    }
}
