package dev.nearhand.transport.ice;

import dev.nearhand.transport.ice.CandidatePair.State;
import dev.nearhand.transport.ice.CheckMessages.Authenticity;
import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
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
    /// Events that wait to be polled; when full the oldest goes.
    static final int EVENTS_LIMIT = 64;

    private final IceConfig config;
    private final Counters counters = new Counters();
    private final RoleClaim claim;
    private final CheckMessages messages;
    private final CheckList checkList = new CheckList();
    private final Candidates candidates;
    private final CheckScheduler checks;
    private final Answers answers;
    private final Consent consent;
    private final Nomination nomination;
    private final Deque<IceEvent> events = new ArrayDeque<>();

    private IceState state = IceState.NEW;
    private @Nullable CandidatePair selected;
    private long patienceEndNanos = TimerTable.NEVER;
    private long latestNanos;

    /// @param random for transaction ids and the tie-breaker; cryptographic in production
    public IceAgent(IceRole role, IceCredentials local, RandomGenerator random, IceConfig config) {
        this.config = config;
        this.claim = new RoleClaim(role, random);
        this.messages = new CheckMessages(local);
        this.candidates = new Candidates(checkList, claim, counters);
        this.checks = new CheckScheduler(config, random, claim, messages, checkList, counters);
        this.answers = new Answers(messages, counters);
        this.consent = new Consent(config, random);
        this.nomination = new Nomination(checkList, config);
    }

    // --- what the owner tells

    /// Adds an address of this host, where checks leave from and arrive at. A reflexive one is only for the
    /// description: its checks are those of its base.
    public void addLocalCandidate(long nowNanos, Candidate candidate) {
        if (RemoteCandidates.reasonToIgnore(candidate) != null) {
            throw new IllegalArgumentException("a local candidate is a resolved UDP address of component 1");
        }
        latestNanos = nowNanos;
        candidates.addLocal(candidate);
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
            counters.count(reason);
            return;
        }
        candidates.addRemote(candidate);
    }

    /// No more will be signalled. Checks from addresses that were not signalled are still awaited (RFC 8863).
    public void endOfRemoteCandidates(long nowNanos) {
        latestNanos = nowNanos;
        counters.count("remote.end");
    }

    /// Sets the role; meant for before checks start.
    public void setRole(IceRole role) {
        if (role != claim.role()) {
            claim.set(role);
            checkList.updatePriorities(role);
            checks.onRoleSwitched();
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
        candidates.forgetRemote();
        checks.clear();
        checkList.clear();
        consent.stop();
        nomination.stopWaiting();
        claim.set(role);
        if (state != IceState.NEW && state != IceState.CHECKING) {
            setState(IceState.CHECKING, "restart");
        }
        // consent to the old path is no longer asked for, so it does not outlive the search for another
        patienceEndNanos = state == IceState.NEW ? TimerTable.NEVER : nowNanos + config.patienceNanos();
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
                candidates.localCount(),
                candidates.remoteCount(),
                checkList.pairs().size(),
                counters.snapshot());
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
            case StunParse.Refused(StunParse.Refusal reason) -> counters.count("dropped." + reason.counter());
            case StunParse.Received received
            when received.message().method() != StunMessage.BINDING -> counters.count("dropped.otherMethod");
            case StunParse.Received received -> {
                switch (received.message().messageClass()) {
                    case REQUEST -> onRequest(nowNanos, received, path);
                    case INDICATION -> counters.count("indications.received"); // keepalives of other agents
                    case SUCCESS_RESPONSE, ERROR_RESPONSE -> onResponse(nowNanos, received, path);
                }
            }
        }
        assert isConsistent();
    }

    private void onRequest(long nowNanos, StunParse.Received received, Path path) {
        StunMessage request = received.message();
        Authenticity authenticity = messages.authenticate(received);
        if (answers.refused(request, path, authenticity)) {
            return;
        }
        if (authenticity == Authenticity.AUTHENTIC) {
            switch (claim.resolve(request)) {
                case NO_CONFLICT -> {}
                case SWITCHED -> onRoleSwitched(nowNanos);
                case OTHER_MUST_SWITCH -> {
                    answers.roleConflict(request, path);
                    return;
                }
            }
        }
        answers.success(request, path, authenticity);
        if (authenticity == Authenticity.AUTHENTIC && state != IceState.FAILED) {
            learnFrom(nowNanos, path, request);
        }
    }

    private void onRoleSwitched(long nowNanos) {
        counters.count("roleConflict.switched");
        checkList.updatePriorities(claim.role());
        checks.onRoleSwitched();
        nominate(nowNanos);
    }

    /// [RFC 8445 sections 7.3.1.3 to 7.3.1.5](https://www.rfc-editor.org/rfc/rfc8445#section-7.3.1.3). Holds for checks
    /// that come before the other side's credentials, too: the pair then waits in the queue until they are known.
    private void learnFrom(long nowNanos, Path path, StunMessage request) {
        // agents that ask for consent alone have been seen to leave PRIORITY out: answered, not learned from
        StunAttribute.Priority priority = request.find(StunAttribute.Priority.class);
        CandidatePair pair = candidates.pairOfCheck(path, priority == null ? -1 : priority.priority());
        if (pair == null) {
            return;
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
            checks.checkInReturn(nowNanos, pair);
        }
    }

    private void onResponse(long nowNanos, StunParse.Received received, Path path) {
        Check check = checks.find(received.message().transactionId());
        if (check == null) {
            counters.count("dropped.unknownTransaction");
            return;
        }
        if (!messages.isFromRemote(received)) {
            counters.count("dropped.badIntegrity"); // "MUST be discarded, as if it was never received"
            return;
        }
        checks.remove(check);
        check.pair.isHeardFrom = true;
        boolean isSuccess = received.message().messageClass() == StunClass.SUCCESS_RESPONSE;
        if (isSuccess
                && isSymmetric(check, path)
                && CheckMessages.unknownIn(received.message()).isEmpty()) {
            counters.count("checks.succeeded");
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
                checks.stopChecking();
            }
        }
    }

    private void onFailure(long nowNanos, Check check, StunMessage response) {
        ErrorCode error = response.find(ErrorCode.class);
        if (error != null && error.code() == ErrorCode.ROLE_CONFLICT) {
            // "the agent MUST switch" away from the role that the request had claimed; it may have done so meanwhile
            counters.count("roleConflict.received");
            boolean asksAgain = checks.isLastHope(check);
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
        counters.count("checks.failed");
        if (checks.isLastHope(check) || check.purpose == Check.Purpose.NOMINATION) {
            check.pair.state = State.FAILED;
        }
        nominate(nowNanos);
    }

    // --- choosing a path

    /// Starts the nomination of the best pair that works, when it is this side's to nominate and none is or is being.
    private void nominate(long nowNanos) {
        boolean lost = state == IceState.DISCONNECTED;
        if (claim.role() != IceRole.CONTROLLING || state != IceState.CONNECTED && !lost) {
            return;
        }
        if (!checks.isNominating()) {
            CandidatePair best = nomination.choose(nowNanos, lost ? selected : null);
            if (best != null) {
                nomination.stopWaiting();
                checks.nominate(nowNanos, best);
            }
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
        nomination.stopWaiting();
        checks.stopChecking();
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

    // --- time

    @Override
    public void handleTimeout(long nowNanos) {
        latestNanos = nowNanos;
        for (Check lost = checks.pollExpired(nowNanos); lost != null; lost = checks.pollExpired(nowNanos)) {
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
        if (nomination.isDue(nowNanos)) {
            nominate(nowNanos);
            nomination.stopWaiting();
        }
        if (consent.isDue(nowNanos) && selected != null) {
            consent.asked(nowNanos);
            checks.askForConsent(nowNanos, selected);
        }
        assert isConsistent();
    }

    private void onTimedOut(long nowNanos, Check check) {
        counters.count("checks.timedOut");
        boolean isRefusedNomination = check.purpose == Check.Purpose.NOMINATION && !check.pair.equals(selected);
        if (checks.isLastHope(check) || isRefusedNomination) {
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
        nomination.stopWaiting();
        consent.stop();
        checks.clear();
    }

    @Override
    public long nextTimeoutNanos() {
        long next = Math.min(checks.nextTimeoutNanos(isChecking()), consent.nextTimeoutNanos(latestNanos));
        return Math.min(next, Math.min(patienceEndNanos, nomination.nextTimeoutNanos()));
    }

    private boolean isChecking() {
        return state == IceState.CHECKING || state == IceState.CONNECTED || state == IceState.DISCONNECTED;
    }

    // --- messages out

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        Transmit answer = answers.poll(into);
        return answer != null ? answer : checks.pollTransmit(nowNanos, into, isChecking());
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

    /// Which timers may run in which state, and what holds between them.
    private boolean isConsistent() {
        boolean usable = state == IceState.CONNECTED || state == IceState.COMPLETED || state == IceState.DISCONNECTED;
        boolean ended = state == IceState.FAILED || state == IceState.CLOSED;
        return consent.isRunning() == usable
                && (!usable || selected != null)
                && (!ended || selected == null && checks.isIdle())
                && (patienceEndNanos == TimerTable.NEVER || state == IceState.CHECKING);
    }
}
