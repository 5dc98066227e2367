package dev.nearhand.transport.ice;

import dev.nearhand.transport.wire.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The candidates of both sides, and the pairs that they make in the check list.
final class Candidates {
    /// Further local candidates are not taken.
    static final int LOCAL_LIMIT = 32;

    private final List<Candidate> locals = new ArrayList<>();
    private final RemoteCandidates remotes = new RemoteCandidates();
    private final CheckList checkList;
    private final RoleClaim claim;
    private final Counters counters;

    Candidates(CheckList checkList, RoleClaim claim, Counters counters) {
        this.checkList = checkList;
        this.claim = claim;
        this.counters = counters;
    }

    int localCount() {
        return locals.size();
    }

    int remoteCount() {
        return remotes.size();
    }

    void addLocal(Candidate candidate) {
        boolean isBase = candidate.type() == CandidateType.HOST || candidate.type() == CandidateType.RELAY;
        boolean isKnown = locals.stream()
                .anyMatch(local ->
                        local.address().equals(candidate.address()) && local.transport() == candidate.transport());
        if (!isBase || isKnown || locals.size() == LOCAL_LIMIT) {
            counters.count("ignored.local");
            return;
        }
        locals.add(candidate);
        for (Candidate remote : remotes.all()) {
            pair(candidate, remote);
        }
    }

    /// Takes out candidates of this host; the pairs that are gone with them.
    List<CandidatePair> removeLocal(Predicate<Candidate> which) {
        List<Candidate> gone = locals.stream().filter(which).toList();
        locals.removeAll(gone);
        return checkList.removeFrom(gone);
    }

    /// A connection that the other side had opened is closed: it will not come from there again.
    void forgetAccepted(CandidatePair pair) {
        remotes.forget(pair.remote());
        checkList.remove(pair);
    }

    void addRemote(Candidate candidate) {
        Candidate known = remotes.find(candidate);
        if (known != null) {
            counters.count("ignored.known");
            if (known.type() == CandidateType.PRFLX) {
                remotes.put(candidate);
                checkList.replaceRemote(known, candidate, claim.role());
            }
        } else if (remotes.isFull()) {
            counters.count("ignored.tooManyRemote");
        } else {
            remotes.put(candidate);
            for (Candidate local : locals) {
                pair(local, candidate);
            }
        }
    }

    private void pair(Candidate local, Candidate remote) {
        if (CandidatePair.mayPair(local, remote) && !checkList.add(new CandidatePair(local, remote, claim.role()))) {
            counters.count("dropped.tooManyPairs");
        }
    }

    /// The pair that a check has come along, made anew where no one had told of it (RFC 8445 sections 7.3.1.3 and
    /// 7.3.1.4), or null when there is no room for it.
    ///
    /// @param priority what the check's PRIORITY says, or a negative number when it says nothing
    @Nullable
    CandidatePair pairOfCheck(Path path, long priority) {
        CandidatePair pair = checkList.find(path);
        if (pair != null) {
            return pair;
        }
        Candidate local = localAt(path);
        Candidate remote = remotes.at(path);
        if (local == null || remote == null && (priority < 0 || remotes.isFull())) {
            counters.count("dropped.unpaired");
            return null;
        }
        if (remote == null) {
            counters.count("learned.prflx");
            remote = remotes.learn(local, path.remote(), priority);
        }
        pair = new CandidatePair(local, remote, claim.role());
        if (!checkList.add(pair)) {
            counters.count("dropped.tooManyPairs");
            return null;
        }
        return pair;
    }

    private @Nullable Candidate localAt(Path path) {
        for (Candidate local : locals) {
            if (local.address().equals(path.local()) && local.isTcp() == path.stream()) {
                return local;
            }
        }
        return null;
    }

    void forgetRemote() {
        remotes.clear();
    }
}
