package dev.nearhand.transport.peer;

import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceAgent;
import dev.nearhand.transport.ice.IceConfig;
import dev.nearhand.transport.ice.IceCredentials;
import dev.nearhand.transport.ice.IceEvent;
import dev.nearhand.transport.ice.IceRole;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The ICE agent inside a [PeerCore]: local candidates in, the remote description in, the path for all else out.
///
/// A restart ([RFC 8445 section 9](https://www.rfc-editor.org/rfc/rfc8445#section-9)) begins with new credentials of
/// both sides, when the exchange that brought them is over; what the old ones found is used until then.
final class IceWiring {
    /// Host names that wait to be looked up.
    static final int HOST_NAMES_LIMIT = 16;

    /// Candidates of the other side until the next restart; later ones are ignored.
    static final int CANDIDATES_LIMIT = 256;

    private final IceAgent agent;
    private final RandomGenerator secrets;
    private final LocalCandidates localCandidates;
    private final Set<Candidate> seen = new LinkedHashSet<>();
    private final List<Candidate> unresolved = new ArrayList<>();
    private final List<Candidate> early = new ArrayList<>();
    private final List<String> toResolve = new ArrayList<>();
    private final Deque<InetAddress> newPeers = new ArrayDeque<>();
    private final Deque<InetAddress> newNamedPeers = new ArrayDeque<>();
    private IceCredentials local;
    private @Nullable IceCredentials next;
    private @Nullable IceCredentials remote;
    private boolean roleIsSet;
    private long hostNamesIgnored;
    private long hostNamesResolved;

    /// @param named whether addresses of this host are told as names of the local link
    IceWiring(RandomGenerator random, RandomGenerator secrets, boolean named) {
        this.secrets = secrets;
        this.localCandidates = new LocalCandidates(named, secrets);
        this.local = IceCredentials.generate(secrets);
        this.agent = new IceAgent(IceRole.CONTROLLED, local, random, IceConfig.defaults());
    }

    IceAgent agent() {
        return agent;
    }

    IceCredentials localCredentials() {
        return local;
    }

    /// Those of the restart that is being negotiated; the same until it has begun.
    IceCredentials nextCredentials() {
        if (next == null) {
            next = IceCredentials.generate(secrets);
        }
        return next;
    }

    /// By which fragments the other side may call now: those of a restart that is being negotiated come second.
    List<String> localUfrags() {
        return next == null ? List.of(local.ufrag()) : List.of(local.ufrag(), next.ufrag());
    }

    /// As the other side is told them.
    List<Candidate> localCandidates() {
        return localCandidates.told();
    }

    /// How often those have changed.
    int localCandidateChanges() {
        return localCandidates.changes();
    }

    /// The one way in for candidates of this side, whatever their type and whenever they are found.
    void addLocalCandidate(long nowNanos, Candidate candidate) {
        localCandidates.add(candidate);
        agent.addLocalCandidate(nowNanos, candidate);
    }

    /// An address is gone, and with it what a server had seen it as.
    void removeLocalAddress(long nowNanos, InetSocketAddress address) {
        localCandidates.remove(address);
        agent.removeLocalCandidate(nowNanos, address);
    }

    /// Connections can be opened from an address of this host. Not told to the other side: what it would be told is no
    /// port, and it learns the true one with the first check.
    void addActiveTcp(long nowNanos, InetAddress address, int preference) {
        agent.addLocalCandidate(nowNanos, Candidate.tcpActive(address, preference));
    }

    /// No connections are opened from or accepted at an address any more.
    void removeTcp(long nowNanos, InetAddress address) {
        localCandidates.removeTcp(address);
        agent.removeTcpCandidates(nowNanos, address);
    }

    /// The first offerer controls (RFC 8445 section 6.1.1).
    void setRole(boolean controlling) {
        if (!roleIsSet) {
            roleIsSet = true;
            agent.setRole(controlling ? IceRole.CONTROLLING : IceRole.CONTROLLED);
        }
    }

    /// This side has made an offer that restarts: the answer to it may come later than checks of who has sent it.
    void restartOffered() {
        agent.expectRestart(IceRole.CONTROLLING, nextCredentials());
    }

    /// The offer that stood is taken back, and with it what it began.
    void takeBack() {
        next = null;
        early.clear();
        agent.expectNoRestart();
        roleIsSet &= remote != null; // the first offer is still to be made
    }

    /// @param controlling whether this side made the offer, of the exchange that is over now
    void apply(long nowNanos, RemoteTransport transport, boolean controlling) {
        if (remote != null && !remote.equals(transport.credentials())) {
            restart(nowNanos, controlling);
        }
        if (remote == null) {
            remote = transport.credentials();
            agent.remoteIsLite(transport.iceLite());
            agent.setRemoteCredentials(nowNanos, transport.credentials());
        }
        for (Candidate candidate : transport.candidates()) {
            addRemote(nowNanos, candidate);
        }
        if (transport.endOfCandidates() && unresolved.isEmpty()) {
            agent.endOfRemoteCandidates(nowNanos);
        }
    }

    private void restart(long nowNanos, boolean controlling) {
        local = nextCredentials();
        next = null;
        remote = null;
        seen.clear();
        unresolved.clear();
        toResolve.clear();
        agent.restart(nowNanos, controlling ? IceRole.CONTROLLING : IceRole.CONTROLLED, local);
        early.forEach(candidate -> addRemote(nowNanos, candidate));
        early.clear();
    }

    /// A candidate that comes while a restart is being negotiated: one of the other side's next credentials, unless it
    /// says that it belongs to the present ones.
    void addRemoteBeforeRestart(long nowNanos, Candidate candidate) {
        String ufrag = candidate.extensions().get("ufrag");
        if (remote != null && remote.ufrag().equals(ufrag)) {
            addRemote(nowNanos, candidate);
        } else if (early.size() < CANDIDATES_LIMIT) {
            early.add(candidate);
        }
    }

    void addRemote(long nowNanos, Candidate candidate) {
        addRemote(nowNanos, candidate, newPeers);
    }

    private void addRemote(long nowNanos, Candidate candidate, Deque<InetAddress> addresses) {
        if (seen.size() == CANDIDATES_LIMIT || !seen.add(candidate)) {
            return;
        }
        if (!candidate.address().isUnresolved()) {
            addresses.add(candidate.address().getAddress());
            agent.addRemoteCandidate(nowNanos, candidate);
            return;
        }
        String host = candidate.address().getHostString().toLowerCase(Locale.ROOT);
        if (unresolved.size() == HOST_NAMES_LIMIT || !host.endsWith(".local")) {
            hostNamesIgnored++;
            return;
        }
        unresolved.add(candidate);
        if (!toResolve.contains(host)) {
            toResolve.add(host);
        }
    }

    /// Moves the host names to look up to `queue`, each of which is answered once, and those to answer for.
    void pumpTo(Queue<PeerEvent> queue) {
        localCandidates.pumpTo(queue);
        toResolve.forEach(host -> queue.add(new PeerEvent.ResolveHost(host)));
        toResolve.clear();
    }

    /// The next address that the other side has told, or null.
    @Nullable
    InetAddress pollNewPeer() {
        return newPeers.poll();
    }

    /// The next address that the other side keeps behind a name, or null.
    @Nullable
    InetAddress pollNewNamedPeer() {
        return newNamedPeers.poll();
    }

    /// A host may have several addresses: each makes a candidate of every one that waits for its name.
    void addResolved(long nowNanos, String host, InetAddress address) {
        for (Candidate candidate : unresolved) {
            if (candidate.address().getHostString().equalsIgnoreCase(host)) {
                hostNamesResolved++;
                addRemote(
                        nowNanos,
                        candidate.withAddress(new InetSocketAddress(
                                address, candidate.address().getPort())),
                        newNamedPeers);
            }
        }
    }

    /// Where DTLS and media go now, or null: the agent names a path as soon as one works, and none without consent.
    @Nullable
    Path path() {
        return agent.selectedPath();
    }

    /// Whether what has come along a path may be the other side's.
    boolean hear(long nowNanos, Path path) {
        return agent.hear(nowNanos, path);
    }

    void count(PeerStats.Counters counters) {
        counters.put("ice.hostNamesIgnored", hostNamesIgnored);
        counters.put("ice.hostNamesResolved", hostNamesResolved);
        agent.stats().counters().forEach((name, value) -> counters.put("ice." + name, value));
    }

    void handleDatagram(long nowNanos, ByteBuffer stun, Path path) {
        agent.handleDatagram(nowNanos, stun, path);
    }

    @Nullable
    Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        return agent.pollTransmit(nowNanos, into);
    }

    @Nullable
    IceEvent pollEvent() {
        return agent.pollEvent();
    }
}
