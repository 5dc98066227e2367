package dev.nearhand.transport.ice;

import dev.nearhand.transport.ice.CandidatePair.State;
import dev.nearhand.transport.ice.CheckMessages.Authenticity;
import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A full ICE agent (RFC 8445) for one component, with consent freshness (RFC 7675).
///
/// It pairs the candidates of both sides, checks the pairs, answers the other side's checks, nominates or has
/// nominated, and then keeps asking for consent. It gathers nothing, resolves no names and sees STUN only;
/// docs/rfc/ice.md says what of the RFCs is left out. Single-threaded, without I/O.
///
/// Made for a quick start: the first check leaves with the first pair, checks in answer to checks do not wait for their
/// turn, and the controlling side nominates the first pair that works.
public final class IceAgent implements ProtocolCore<IceEvent> {
    /// Further local candidates are not taken.
    static final int LOCAL_CANDIDATES_LIMIT = 32;
    /// Answers that wait to be sent; further ones are dropped, as the network would.
    static final int ANSWERS_LIMIT = 64;
    /// Events that wait to be polled; when full the oldest goes.
    static final int EVENTS_LIMIT = 64;

    private record Answer(Path path, byte[] datagram) {}

    private final IceConfig config;
    private final RandomGenerator random;
    private final RoleClaim claim;
    private final CheckMessages messages;
    private final List<Candidate> locals = new ArrayList<>();
    private final RemoteCandidates remotes = new RemoteCandidates();
    private final CheckList checkList = new CheckList();
    private final OutstandingChecks outstanding = new OutstandingChecks();
    private final Consent consent;
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final Deque<IceEvent> events = new ArrayDeque<>();
    private final TreeMap<String, Long> counters = new TreeMap<>();

    private IceState state = IceState.NEW;
    private @Nullable CandidatePair selected;
    private long nextPaceNanos;
    private long patienceEndNanos = TimerTable.NEVER;
    private long latestNanos;

    /// @param random for transaction ids and the tie-breaker; cryptographic in production
    public IceAgent(IceRole role, IceCredentials local, RandomGenerator random, IceConfig config) {
        this.config = config;
        this.random = random;
        this.claim = new RoleClaim(role, random);
        this.messages = new CheckMessages(local);
        this.consent = new Consent(config, random);
    }

    // --- what the owner tells

    /// Adds an address of this host, where checks leave from and arrive at. A reflexive one is only for the
    /// description: its checks are those of its base.
    public void addLocalCandidate(long nowNanos, Candidate candidate) {
        if (RemoteCandidates.reasonToIgnore(candidate) != null) {
            throw new IllegalArgumentException("a local candidate is a resolved UDP address of component 1");
        }
        boolean isBase = candidate.type() == CandidateType.HOST || candidate.type() == CandidateType.RELAY;
        if (!isBase || localAt(candidate) != null || locals.size() == LOCAL_CANDIDATES_LIMIT) {
            count("ignored.local");
            return;
        }
        latestNanos = nowNanos;
        locals.add(candidate);
        for (Candidate remote : remotes.all()) {
            pair(candidate, remote);
        }
    }

    /// Tells who the other side is; checks start with the first pair of candidates. Telling the same again is fine.
    ///
    /// @throws IllegalStateException when they are others than before, without a [#restart] in between
    public void setRemoteCredentials(long nowNanos, IceCredentials remote) {
        if (remote.equals(messages.remote())) {
            return;
        }
        if (messages.remote() != null) {
            throw new IllegalStateException("new remote credentials are an ICE restart: call restart first");
        }
        if (state == IceState.CLOSED) {
            return;
        }
        latestNanos = nowNanos;
        messages.setRemote(remote);
        patienceEndNanos = nowNanos + config.patienceNanos();
        if (state != IceState.CHECKING) {
            setState(IceState.CHECKING, "the other side is known");
        }
    }

    /// Adds an address of the other side. One that is unresolved, TCP or of another component is counted and ignored.
    public void addRemoteCandidate(long nowNanos, Candidate candidate) {
        latestNanos = nowNanos;
        String reason = RemoteCandidates.reasonToIgnore(candidate);
        IceCredentials remote = messages.remote();
        String ufrag = candidate.extensions().get("ufrag");
        if (reason == null && ufrag != null && remote != null && !ufrag.equals(remote.ufrag())) {
            reason = "ignored.otherGeneration";
        }
        if (reason != null) {
            count(reason);
            return;
        }
        Candidate known = remotes.find(candidate.address());
        if (known != null) {
            if (known.type() == CandidateType.PRFLX) {
                remotes.put(candidate);
                checkList.replaceRemote(known, candidate, claim.role());
            }
            count("ignored.known");
        } else if (remotes.isFull()) {
            count("ignored.tooManyRemote");
        } else {
            remotes.put(candidate);
            for (Candidate local : locals) {
                pair(local, candidate);
            }
        }
    }

    /// No more will be signalled. Checks from addresses that were not signalled are still awaited (RFC 8863).
    public void endOfRemoteCandidates(long nowNanos) {
        latestNanos = nowNanos;
        count("remote.end");
    }

    /// Sets the role; meant for before checks start.
    public void setRole(IceRole role) {
        if (role != claim.role()) {
            claim.set(role);
            checkList.updatePriorities(role);
        }
    }

    public IceRole role() {
        return claim.role();
    }

    /// Tells that the other side is a lite agent, which sends no checks: this side then controls.
    public void remoteIsLite(boolean lite) {
        if (lite) {
            setRole(IceRole.CONTROLLING);
        }
    }

    /// Begins anew with other credentials (RFC 8445 section 9); the path in use stays until another one is found.
    public void restart(long nowNanos, IceRole role, IceCredentials newLocal) {
        if (state == IceState.CLOSED) {
            return;
        }
        latestNanos = nowNanos;
        messages.restart(newLocal);
        remotes.clear();
        checkList.clear();
        outstanding.clear();
        consent.stop();
        claim.set(role);
        patienceEndNanos = TimerTable.NEVER;
        nextPaceNanos = nowNanos;
        if (state != IceState.NEW && state != IceState.CHECKING) {
            setState(IceState.CHECKING, "restart");
        }
    }

    public void close(long nowNanos) {
        if (state != IceState.CLOSED) {
            latestNanos = nowNanos;
            setState(IceState.CLOSED, "closed by this side");
            giveUp();
            answers.clear();
            checkList.clear();
        }
    }

    // --- what the owner asks

    public IceState state() {
        return state;
    }

    /// Where data goes, or null while there is no path or no consent to use it.
    public @Nullable Path selectedPath() {
        return selected == null ? null : selected.path;
    }

    /// Whether an authenticated message has come along this path, so that what else comes may be the other side's.
    public boolean isKnownPath(Path path) {
        CandidatePair pair = checkList.find(path);
        return pair != null && pair.isHeardFrom || selected != null && selected.path.equals(path);
    }

    public IceStats stats() {
        return new IceStats(
                state,
                claim.role(),
                selected == null ? "" : selected.kind(),
                selected == null ? 0 : selected.roundTripNanos,
                locals.size(),
                remotes.size(),
                checkList.pairs().size(),
                new TreeMap<>(counters));
    }

    // --- messages in

    /// Takes a STUN message; everything else that shares the port is kept away by its owner (RFC 7983).
    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
        if (state == IceState.CLOSED) {
            return;
        }
        latestNanos = nowNanos;
        switch (StunMessage.parse(borrowed)) {
            case StunParse.Refused(StunParse.Refusal reason) -> count("dropped." + reason);
            case StunParse.Received received
            when received.message().method() != StunMessage.BINDING -> count("dropped.otherMethod");
            case StunParse.Received received -> {
                switch (received.message().messageClass()) {
                    case REQUEST -> onRequest(nowNanos, received, path);
                    case INDICATION -> count("indications.received"); // keepalives of other agents
                    case SUCCESS_RESPONSE, ERROR_RESPONSE -> onResponse(nowNanos, received, path);
                }
            }
        }
        assert isConsistent();
    }

    private void onRequest(long nowNanos, StunParse.Received received, Path path) {
        StunMessage request = received.message();
        Authenticity authenticity = messages.authenticate(received);
        byte[] refusal = refusalOf(request, authenticity);
        if (refusal != null) {
            answer(path, refusal);
            return;
        }
        count("checks.received");
        answer(path, messages.success(request, path.remote(), authenticity));
        if (authenticity == Authenticity.AUTHENTIC && state != IceState.FAILED) {
            learnFrom(nowNanos, path, request);
        }
    }

    /// The error response to a request that is not a good check, or null (RFC 8489 section 9.1.3, RFC 8445 section
    /// 7.3).
    private byte @Nullable [] refusalOf(StunMessage request, Authenticity authenticity) {
        if (authenticity == Authenticity.INCOMPLETE) {
            count("refused.incomplete");
            return messages.error(request, ErrorCode.BAD_REQUEST, "Bad Request", authenticity);
        }
        if (authenticity == Authenticity.FOREIGN) {
            count("refused.foreign");
            return messages.error(request, ErrorCode.UNAUTHENTICATED, "Unauthenticated", authenticity);
        }
        List<Integer> unknown = CheckMessages.unknownIn(request);
        if (!unknown.isEmpty()) {
            count("refused.unknownAttribute");
            return messages.unknownAttributes(request, unknown, authenticity);
        }
        if (authenticity == Authenticity.RETIRED) {
            return null;
        }
        return switch (claim.resolve(request)) {
            case NO_CONFLICT -> null;
            case SWITCHED -> {
                onRoleSwitched(latestNanos);
                yield null;
            }
            case OTHER_MUST_SWITCH -> {
                count("roleConflict.refused");
                yield messages.error(request, ErrorCode.ROLE_CONFLICT, "Role Conflict", authenticity);
            }
        };
    }

    private void onRoleSwitched(long nowNanos) {
        count("roleConflict.switched");
        checkList.updatePriorities(claim.role());
        outstanding.removeIf(check -> check.purpose == Check.Purpose.NOMINATION);
        // what is under way claims the old role: it is asked again in the new one
        outstanding.stopSending(check -> check.purpose == Check.Purpose.CONNECTIVITY);
        for (CandidatePair pair : checkList.pairs()) {
            if (pair.state == State.IN_PROGRESS) {
                checkList.trigger(pair);
            }
        }
        nominate(nowNanos);
    }

    /// [RFC 8445 sections 7.3.1.3 to 7.3.1.5](https://www.rfc-editor.org/rfc/rfc8445#section-7.3.1.3). Holds for checks
    /// that come before the other side's credentials, too: the pair then waits in the queue until they are known.
    private void learnFrom(long nowNanos, Path path, StunMessage request) {
        CandidatePair pair = checkList.find(path);
        if (pair == null) {
            pair = pairOfCheck(path, request);
            if (pair == null) {
                return;
            }
        }
        pair.isHeardFrom = true;
        if (request.has(StunAttribute.UseCandidate.class) && claim.role() == IceRole.CONTROLLED) {
            if (pair.state == State.SUCCEEDED) {
                nominated(nowNanos, pair);
                return;
            }
            pair.nominateOnSuccess = true;
        }
        if (state != IceState.COMPLETED || pair.nominateOnSuccess) {
            checkInReturn(nowNanos, pair);
        }
    }

    private @Nullable CandidatePair pairOfCheck(Path path, StunMessage request) {
        Candidate local = localAt(path);
        Candidate remote = remotes.find(path.remote());
        // agents that ask for consent alone have been seen to leave PRIORITY out: answered, not learned from
        StunAttribute.Priority priority = request.find(StunAttribute.Priority.class);
        if (local == null || priority == null || remote == null && remotes.isFull()) {
            count("dropped.unpaired");
            return null;
        }
        if (remote == null) {
            count("learned.prflx");
            remote = remotes.learn(path.remote(), priority.priority());
        }
        CandidatePair pair = new CandidatePair(local, remote, claim.role());
        if (!checkList.add(pair)) {
            count("dropped.tooManyPairs");
            return null;
        }
        return pair;
    }

    private void checkInReturn(long nowNanos, CandidatePair pair) {
        switch (pair.state) {
            case SUCCEEDED -> {}
            case IN_PROGRESS -> {
                // the RFC cancels the check under way and starts another; sending it again does the same, and when it
                // has only just left, as on a local network where both sides start together, nothing is needed
                Check underWay = outstanding.findUnanswered(pair, Check.Purpose.CONNECTIVITY);
                if (underWay == null) {
                    checkList.trigger(pair);
                } else {
                    long soon = Math.max(nowNanos, underWay.lastSentNanos + config.paceNanos());
                    underWay.dueNanos = Math.min(underWay.dueNanos, soon);
                }
            }
            case FROZEN, WAITING, FAILED -> checkList.trigger(pair);
        }
    }

    private void onResponse(long nowNanos, StunParse.Received received, Path path) {
        Check check = outstanding.find(received.message().transactionId());
        if (check == null) {
            count("dropped.unknownTransaction");
            return;
        }
        if (!messages.isFromRemote(received)) {
            count("dropped.badIntegrity"); // "MUST be discarded, as if it was never received"
            return;
        }
        outstanding.remove(check);
        check.pair.isHeardFrom = true;
        boolean isSuccess = received.message().messageClass() == StunClass.SUCCESS_RESPONSE;
        if (isSuccess
                && isSymmetric(check, path)
                && CheckMessages.unknownIn(received.message()).isEmpty()) {
            count("checks.succeeded");
            onSuccess(nowNanos, check);
        } else {
            onFailure(nowNanos, check, received.message());
        }
    }

    /// "The source address of the response MUST equal the destination of the request" and the other way round.
    private static boolean isSymmetric(Check check, Path path) {
        return check.pair.path.equals(path);
    }

    private void onSuccess(long nowNanos, Check check) {
        CandidatePair pair = check.pair;
        if (check.transmissions == 1) {
            pair.roundTripNanos = nowNanos - check.lastSentNanos;
        }
        pair.state = State.SUCCEEDED;
        checkList.thawFoundationOf(pair);
        if (pair.equals(selected) && consent.isRunning()) {
            consent.answered(nowNanos);
            recover();
        }
        boolean isNomination = check.purpose == Check.Purpose.NOMINATION && claim.role() == IceRole.CONTROLLING;
        if (isNomination || pair.nominateOnSuccess && claim.role() == IceRole.CONTROLLED) {
            nominated(nowNanos, pair);
        } else if (state == IceState.CHECKING) {
            select(nowNanos, pair);
            setState(IceState.CONNECTED, "a path works");
        }
        nominate(nowNanos);
    }

    private void recover() {
        if (state == IceState.DISCONNECTED && selected != null) {
            setState(selected.isNominated ? IceState.COMPLETED : IceState.CONNECTED, "the path answers again");
            if (selected.isNominated) {
                stopChecking();
            }
        }
    }

    private void onFailure(long nowNanos, Check check, StunMessage response) {
        ErrorCode error = response.find(ErrorCode.class);
        if (error != null && error.code() == ErrorCode.ROLE_CONFLICT) {
            // "the agent MUST switch" away from the role that the request had claimed; it may have done so meanwhile
            count("roleConflict.received");
            boolean asksAgain = isLastHope(check);
            if (check.role == claim.role()) {
                claim.yield();
                onRoleSwitched(nowNanos);
            }
            if (asksAgain) {
                checkList.trigger(check.pair);
            }
            nominate(nowNanos);
            return;
        }
        count("checks.failed");
        if (isLastHope(check) || check.purpose == Check.Purpose.NOMINATION) {
            check.pair.state = State.FAILED;
        }
        nominate(nowNanos);
    }

    /// Whether the fate of a pair that is being checked hangs on this check, which is no longer outstanding.
    private boolean isLastHope(Check check) {
        return check.purpose == Check.Purpose.CONNECTIVITY
                && check.pair.state == State.IN_PROGRESS
                && outstanding.findUnanswered(check.pair, Check.Purpose.CONNECTIVITY) == null;
    }

    // --- choosing a path

    /// Starts the nomination of the best pair that works, when it is this side's to nominate and none is or is being.
    private void nominate(long nowNanos) {
        boolean lost = state == IceState.DISCONNECTED;
        if (claim.role() != IceRole.CONTROLLING || state != IceState.CONNECTED && !lost) {
            return;
        }
        CandidatePair best = checkList.bestSucceeded(lost ? selected : null);
        if (best != null && !outstanding.hasAny(Check.Purpose.NOMINATION)) {
            long expires = nowNanos + config.checkTimeoutNanos();
            outstanding.add(newCheck(best, Check.Purpose.NOMINATION, nowNanos, expires));
        }
    }

    /// A pair is nominated and works. Of several the best is used, as some agents nominate every pair they check.
    private void nominated(long nowNanos, CandidatePair pair) {
        pair.isNominated = true;
        pair.nominateOnSuccess = false;
        boolean better = selected == null || !selected.isNominated || pair.priority() >= selected.priority();
        if (better || state == IceState.CHECKING || state == IceState.DISCONNECTED) {
            select(nowNanos, pair);
        }
        if (state != IceState.COMPLETED) {
            setState(IceState.COMPLETED, "a path is nominated");
        }
        stopChecking();
    }

    private void select(long nowNanos, CandidatePair pair) {
        patienceEndNanos = TimerTable.NEVER;
        boolean isNew = selected == null || !selected.path.equals(pair.path);
        boolean wasRunning = consent.isRunning() && pair.equals(selected);
        selected = pair;
        if (!wasRunning) {
            consent.start(nowNanos);
        }
        if (isNew) {
            emit(new IceEvent.PathSelected(pair.path));
        }
    }

    /// "The agent MUST remove all Waiting and Frozen candidate pairs" and sends no more checks for those under way.
    /// Here they stay in the list, unchecked, for the day the path is lost.
    private void stopChecking() {
        checkList.clearTriggered();
        outstanding.stopSending(check -> check.purpose != Check.Purpose.CONSENT);
    }

    // --- time

    @Override
    public void handleTimeout(long nowNanos) {
        latestNanos = nowNanos;
        for (Check lost = outstanding.pollExpired(nowNanos); lost != null; lost = outstanding.pollExpired(nowNanos)) {
            onTimedOut(nowNanos, lost);
        }
        if (nowNanos >= patienceEndNanos) {
            fail("nothing has answered within " + config.patienceNanos() / 1_000_000_000 + " s");
        } else if (consent.isExpired(nowNanos)) {
            fail("no consent to send for " + config.consentTimeoutNanos() / 1_000_000_000 + " s");
        } else if (consent.isMissing(nowNanos) && state != IceState.DISCONNECTED) {
            setState(IceState.DISCONNECTED, "the path has stopped answering");
            checkList.recheckAllBut(selected);
        }
        if (consent.isDue(nowNanos) && selected != null) {
            consent.asked(nowNanos);
            long expires = nowNanos + config.consentTimeoutNanos();
            outstanding.add(newCheck(selected, Check.Purpose.CONSENT, nowNanos, expires));
        }
        assert isConsistent();
    }

    private void onTimedOut(long nowNanos, Check check) {
        count("checks.timedOut");
        boolean isRefusedNomination = check.purpose == Check.Purpose.NOMINATION && !check.pair.equals(selected);
        if (isLastHope(check) || isRefusedNomination) {
            check.pair.state = State.FAILED;
        }
        nominate(nowNanos);
    }

    private void fail(String reason) {
        setState(IceState.FAILED, reason);
        giveUp();
    }

    private void giveUp() {
        selected = null;
        patienceEndNanos = TimerTable.NEVER;
        consent.stop();
        outstanding.clear();
        checkList.clearTriggered();
    }

    @Override
    public long nextTimeoutNanos() {
        long next = Math.min(outstanding.nextTimeoutNanos(), consent.nextTimeoutNanos(latestNanos));
        next = Math.min(next, patienceEndNanos);
        if (messages.remote() != null && isChecking() && checkList.nextOrdinary() != null) {
            next = Math.min(next, nextPaceNanos);
        }
        return next;
    }

    private boolean isChecking() {
        return state == IceState.CHECKING || state == IceState.CONNECTED || state == IceState.DISCONNECTED;
    }

    // --- messages out

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        Answer answer = answers.poll();
        if (answer != null) {
            into.put(answer.datagram);
            return new Transmit(answer.path, answer.datagram.length);
        }
        if (messages.remote() == null) {
            return null;
        }
        Check due = outstanding.nextDue(nowNanos);
        if (due == null) {
            due = nextNewCheck(nowNanos);
        }
        return due == null ? null : transmit(nowNanos, due, into);
    }

    private @Nullable Check nextNewCheck(long nowNanos) {
        CandidatePair pair = checkList.pollTriggered();
        if (pair == null && isChecking() && nowNanos >= nextPaceNanos) {
            pair = checkList.nextOrdinary();
            if (pair != null) {
                nextPaceNanos = nowNanos + config.paceNanos();
            }
        }
        if (pair == null) {
            return null;
        }
        pair.state = State.IN_PROGRESS;
        Check check = newCheck(pair, Check.Purpose.CONNECTIVITY, nowNanos, nowNanos + config.checkTimeoutNanos());
        outstanding.add(check);
        return check;
    }

    private Check newCheck(CandidatePair pair, Check.Purpose purpose, long dueNanos, long expiresNanos) {
        return new Check(TransactionId.random(random), pair, purpose, claim.role(), dueNanos, expiresNanos);
    }

    private Transmit transmit(long nowNanos, Check check, ByteBuffer into) {
        check.transmissions++;
        check.lastSentNanos = nowNanos;
        if (check.purpose == Check.Purpose.CONSENT) {
            check.stopSending(); // the next question is another one
        } else {
            check.rtoNanos = check.transmissions == 1 ? firstRtoNanos() : nextRtoNanos(check);
            check.dueNanos = nowNanos + check.rtoNanos;
        }
        count("checks.sent");
        boolean useCandidate = check.purpose == Check.Purpose.NOMINATION && claim.role() == IceRole.CONTROLLING;
        int length = messages.writeRequest(into, check.id, check.pair.local, claim, useCandidate);
        return new Transmit(check.pair.path, length);
    }

    /// `MAX (RTO, Ta * (Num-Waiting + Num-In-Progress))`, so that many pairs do not flood a thin line
    /// ([RFC 8445 section 14.3](https://www.rfc-editor.org/rfc/rfc8445#section-14.3)).
    private long firstRtoNanos() {
        return Math.max(config.rtoNanos(), config.paceNanos() * checkList.active());
    }

    private long nextRtoNanos(Check check) {
        return Math.max(check.rtoNanos, Math.min(2 * check.rtoNanos, config.maxRtoNanos()));
    }

    // --- the rest

    @Override
    public @Nullable IceEvent pollEvent() {
        return events.poll();
    }

    private void setState(IceState next, String reason) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(state + " cannot become " + next + ": " + reason);
        }
        emit(new IceEvent.StateChanged(state, next, reason));
        state = next;
    }

    private void emit(IceEvent event) {
        if (events.size() == EVENTS_LIMIT) {
            events.removeFirst();
        }
        events.add(event);
    }

    private void answer(Path path, byte[] datagram) {
        if (answers.size() == ANSWERS_LIMIT) {
            count("dropped.tooManyAnswers");
        } else {
            answers.add(new Answer(path, datagram));
        }
    }

    private void pair(Candidate local, Candidate remote) {
        if (CandidatePair.mayPair(local, remote) && !checkList.add(new CandidatePair(local, remote, claim.role()))) {
            count("dropped.tooManyPairs");
        }
    }

    private @Nullable Candidate localAt(Candidate candidate) {
        return localAt(new Path(candidate.address(), candidate.address()));
    }

    private @Nullable Candidate localAt(Path path) {
        for (Candidate local : locals) {
            if (local.address().equals(path.local())) {
                return local;
            }
        }
        return null;
    }

    private void count(String name) {
        counters.merge(name, 1L, Long::sum);
    }

    /// Which timers may run in which state, and what holds between them.
    private boolean isConsistent() {
        boolean usable = state == IceState.CONNECTED || state == IceState.COMPLETED || state == IceState.DISCONNECTED;
        boolean ended = state == IceState.FAILED || state == IceState.CLOSED;
        return consent.isRunning() == usable
                && (!usable || selected != null)
                && (!ended || selected == null && outstanding.isEmpty())
                && (patienceEndNanos == TimerTable.NEVER || state == IceState.CHECKING);
    }
}
