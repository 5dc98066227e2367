package dev.nearhand.transport.ice;

import dev.nearhand.transport.ice.CandidatePair.State;
import dev.nearhand.transport.ice.CheckMessages.Authenticity;
import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
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
    private final IceConfig config;
    private final Counters counters = new Counters();
    private final RoleClaim claim;
    private final CheckMessages messages;
    private final CheckList checkList = new CheckList();
    private final Candidates candidates;
    private final CheckScheduler checks;
    private final Answers answers;
    private final EarlyChecks early;
    private final Consent consent;
    private final Selection selection;
    private final Failover failover;
    private final CheckOutcomes outcomes;
    private final Persistence persistence;
    private final Progress progress = new Progress();

    /// In use when the latest restart began: the other side may have more to send along it.
    private @Nullable Path formerPath;

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
        this.early = new EarlyChecks(messages, answers, counters);
        this.consent = new Consent(config, random);
        this.selection = new Selection(progress, claim, checkList, checks, consent, config);
        this.failover = new Failover(progress, claim, checkList, checks, selection, consent, counters, random);
        this.outcomes = new CheckOutcomes(messages, checks, checkList, claim, selection, failover, counters);
        this.persistence = new Persistence(progress, checkList, selection);
    }

    // --- what the owner tells

    /// Adds an address of this host, where checks leave from and arrive at. A reflexive one is only for the
    /// description: its checks are those of its base.
    public void addLocalCandidate(long nowNanos, Candidate candidate) {
        if (RemoteCandidates.reasonNotToUse(candidate) != null || candidate.tcpType() == TcpType.SO) {
            throw new IllegalArgumentException("a local candidate is a resolved address of component 1");
        }
        latestNanos = nowNanos;
        candidates.addLocal(candidate);
    }

    /// An address of this host is gone, and every pair with it; data goes on along another one that works.
    public void removeLocalCandidate(long nowNanos, InetSocketAddress address) {
        remove(nowNanos, local -> !local.isTcp() && local.address().equals(address));
    }

    /// No connection leaves or is accepted at this address any more.
    public void removeTcpCandidates(long nowNanos, InetAddress address) {
        remove(nowNanos, local -> local.isTcp() && local.address().getAddress().equals(address));
    }

    private void remove(long nowNanos, Predicate<Candidate> which) {
        latestNanos = nowNanos;
        List<CandidatePair> gone = candidates.removeLocal(which);
        checks.forget(gone);
        selection.onGone(nowNanos, gone);
        stopPatience();
        assert isConsistent();
    }

    /// A TCP connection has ended that was open. One that this side opens is opened anew by the next check along its
    /// path; one that the other side had opened is not a path any more.
    public void connectionLost(long nowNanos, Path path) {
        latestNanos = nowNanos;
        counters.count("connections.lost");
        CandidatePair selected = selection.selected();
        CandidatePair pair = selected != null && selected.path.equals(path) ? selected : checkList.find(path);
        if (pair == null) {
            return;
        }
        if (path.isActive()) {
            selection.onConnectionLost(nowNanos, pair);
        } else {
            candidates.forgetAccepted(pair);
            checks.forget(List.of(pair));
            selection.onGone(nowNanos, List.of(pair));
        }
        stopPatience();
        assert isConsistent();
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
        if (progress.is(IceState.CLOSED)) {
            return;
        }
        latestNanos = nowNanos;
        messages.setRemote(remote);
        patienceEndNanos = nowNanos + config.patienceNanos();
        if (!progress.is(IceState.CHECKING)) {
            progress.setState(IceState.CHECKING, "the other side is known");
        }
    }

    /// Adds an address of the other side. One that is unresolved, of another component or of a
    /// TCP connection that this side cannot open is counted and ignored.
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

    /// This side has offered to restart: the other side may check with these credentials before its answer is here.
    /// What it checks is answered, and remembered for the [#restart]; the present checks go on.
    ///
    /// @param role the one that the restart will begin with
    public void expectRestart(IceRole role, IceCredentials newLocal) {
        if (!progress.is(IceState.CLOSED)) {
            early.expect(role, newLocal);
        }
    }

    /// The restart that was offered is taken back.
    public void expectNoRestart() {
        early.forget();
    }

    /// Begins anew with other credentials (RFC 8445 section 9); the path in use stays until another one is found.
    public void restart(long nowNanos, IceRole role, IceCredentials newLocal) {
        if (progress.is(IceState.CLOSED)) {
            return;
        }
        latestNanos = nowNanos;
        formerPath = selectedPath();
        List<EarlyChecks.Early> kept = early.takeAll(newLocal);
        messages.restart(newLocal);
        candidates.forgetRemote();
        checks.clear();
        checkList.clear();
        selection.restart();
        claim.set(role);
        if (!progress.is(IceState.NEW) && !progress.is(IceState.CHECKING)) {
            progress.setState(IceState.CHECKING, "restart");
        }
        // consent to the old path is no longer asked for, so it does not outlive the search for another
        patienceEndNanos = progress.is(IceState.NEW) ? TimerTable.NEVER : nowNanos + config.patienceNanos();
        for (EarlyChecks.Early check : kept) {
            if (claim.resolve(check.request()) == RoleClaim.Outcome.SWITCHED) {
                outcomes.onRoleSwitched(nowNanos);
            }
            learnFrom(nowNanos, check.path(), check.request());
        }
        assert isConsistent();
    }

    public void close(long nowNanos) {
        if (!progress.is(IceState.CLOSED)) {
            latestNanos = nowNanos;
            progress.setState(IceState.CLOSED, "closed by this side");
            giveUp();
            answers.clear();
            early.forget();
            checkList.clear();
        }
    }

    // --- what the owner asks

    public IceState state() {
        return progress.state();
    }

    /// Where data goes, or null while there is no path or no consent to use it.
    public @Nullable Path selectedPath() {
        CandidatePair selected = selection.selected();
        return selected == null ? null : selected.path;
    }

    /// Whether an authenticated message has come along this path, so that what else comes may be the other side's.
    public boolean isKnownPath(Path path) {
        return knownPair(path) != null || isKnownOtherwise(path);
    }

    private @Nullable CandidatePair knownPair(Path path) {
        CandidatePair selected = selection.selected();
        if (selected != null && selected.path.equals(path)) {
            return selected;
        }
        CandidatePair pair = checkList.find(path);
        return pair != null && pair.isHeardFrom ? pair : null;
    }

    /// Something else than a check has come along a path; whether that is a known one.
    public boolean hear(long nowNanos, Path path) {
        CandidatePair pair = knownPair(path);
        if (pair != null) {
            latestNanos = nowNanos;
            failover.onHeard(nowNanos, pair);
        }
        return pair != null || isKnownOtherwise(path);
    }

    private boolean isKnownOtherwise(Path path) {
        return path.equals(formerPath) || early.isKnownPath(path);
    }

    /// Something else than a check is sent along the selected path, which the other side will answer in some way.
    public void onSent(long nowNanos) {
        latestNanos = nowNanos;
        failover.onSent(nowNanos);
    }

    public IceStats stats() {
        CandidatePair selected = selection.selected();
        return new IceStats(
                progress.state(),
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
        if (progress.is(IceState.CLOSED)) {
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
                    case SUCCESS_RESPONSE, ERROR_RESPONSE -> outcomes.onResponse(nowNanos, received, path);
                }
            }
        }
        stopPatience();
        assert isConsistent();
    }

    private void onRequest(long nowNanos, StunParse.Received received, Path path) {
        StunMessage request = received.message();
        Authenticity authenticity = messages.authenticate(received);
        if (answers.refused(request, path, authenticity)) {
            return;
        }
        if (authenticity == Authenticity.UPCOMING) {
            early.take(request, path, claim);
            return;
        }
        if (authenticity == Authenticity.AUTHENTIC) {
            switch (claim.resolve(request)) {
                case NO_CONFLICT -> {}
                case SWITCHED -> outcomes.onRoleSwitched(nowNanos);
                case OTHER_MUST_SWITCH -> {
                    answers.roleConflict(request, path, authenticity);
                    return;
                }
            }
        }
        answers.success(request, path, authenticity);
        if (authenticity == Authenticity.AUTHENTIC && !progress.is(IceState.FAILED)) {
            learnFrom(nowNanos, path, request);
        }
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
        if (!failover.onCheck(nowNanos, pair)) {
            selection.onCheckAlong(nowNanos, pair);
        }
        selection.onAsked(nowNanos, pair);
        if (request.has(StunAttribute.UseCandidate.class) && claim.role() == IceRole.CONTROLLED) {
            if (pair.state == State.SUCCEEDED) {
                selection.nominated(nowNanos, pair);
                return;
            }
            pair.nominateOnSuccess = true;
        }
        if (!progress.is(IceState.COMPLETED) || pair.nominateOnSuccess || pair.state == State.FAILED) {
            checks.checkInReturn(nowNanos, pair);
        }
    }

    // --- time

    @Override
    public void handleTimeout(long nowNanos) {
        latestNanos = nowNanos;
        outcomes.handleTimeout(nowNanos);
        if (nowNanos >= patienceEndNanos) {
            lose(nowNanos, "nothing has answered within " + config.patienceNanos() / 1_000_000_000 + " s");
        } else if (consent.isExpired(nowNanos)) {
            lose(nowNanos, "no consent to send for " + config.consentTimeoutNanos() / 1_000_000_000 + " s");
        } else if (consent.isMissing(nowNanos)) {
            selection.onSilence(nowNanos);
        }
        selection.handleTimeout(nowNanos);
        failover.handleTimeout(nowNanos);
        persistence.handleTimeout(nowNanos);
        stopPatience();
        assert isConsistent();
    }

    /// A first path is given up at once; one that there was before is looked for a while longer, without sending data.
    private void lose(long nowNanos, String reason) {
        if (progress.hasConnected() && !selection.isWithoutConsent() && config.graceNanos() > 0) {
            selection.onConsentExpired(reason);
            patienceEndNanos = nowNanos + config.graceNanos();
        } else {
            fail(selection.isWithoutConsent() ? "the path was lost, and there was no other in time" : reason);
        }
    }

    private void fail(String reason) {
        progress.setState(IceState.FAILED, reason);
        giveUp();
    }

    private void giveUp() {
        selection.stop();
        patienceEndNanos = TimerTable.NEVER;
        checks.clear();
    }

    @Override
    public long nextTimeoutNanos() {
        long next = Math.min(checks.nextTimeoutNanos(progress.isChecking()), persistence.nextTimeoutNanos());
        next = Math.min(next, failover.nextTimeoutNanos(latestNanos));
        return Math.min(next, Math.min(selection.nextTimeoutNanos(latestNanos), patienceEndNanos));
    }

    // --- messages out

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        Transmit answer = answers.poll(into);
        return answer != null ? answer : checks.pollTransmit(nowNanos, into, progress.isChecking());
    }

    // --- the rest

    @Override
    public @Nullable IceEvent pollEvent() {
        return progress.poll();
    }

    /// Whoever has a path, or none any more, does not wait for one.
    private void stopPatience() {
        if (!progress.is(IceState.CHECKING) && !selection.isWithoutConsent()) {
            patienceEndNanos = TimerTable.NEVER;
        }
    }

    /// Which timers may run in which state, and what holds between them.
    private boolean isConsistent() {
        boolean usable = progress.isUsable();
        boolean ended = progress.is(IceState.FAILED) || progress.is(IceState.CLOSED);
        return consent.isRunning() == (usable && !selection.isWithoutConsent())
                && (!usable || progress.is(IceState.DISCONNECTED) || selection.selected() != null)
                && (!ended || selection.selected() == null && checks.isIdle())
                && (patienceEndNanos == TimerTable.NEVER
                        || progress.is(IceState.CHECKING)
                        || selection.isWithoutConsent());
    }
}
