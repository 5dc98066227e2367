package dev.nearhand.transport.peer;

import dev.nearhand.transport.dns.DnsQuestion;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.ReflexiveProbe;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.turn.ServerCandidate;
import dev.nearhand.transport.turn.ServerUri;
import dev.nearhand.transport.turn.TurnClient;
import dev.nearhand.transport.turn.TurnConfig;
import dev.nearhand.transport.turn.TurnServer;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Gathers candidates from STUN and TURN servers ([RFC 8445 section
/// 5.1.1](https://www.rfc-editor.org/rfc/rfc8445#section-5.1.1)): every server from every base of its family, all at
/// once.
///
/// Finishes when all have answered or given up, and after [#PATIENCE_NANOS] in any case: what comes later is a
/// candidate all the same, but nobody waits for it.
final class Gathering {
    static final long PATIENCE_NANOS = 3_000_000_000L;

    /// Further questions to STUN servers are not asked.
    static final int PROBES_LIMIT = 32;

    /// Candidates that wait to be polled; further ones are dropped.
    static final int FOUND_LIMIT = 64;

    /// Stands for the address of a server that only a proxy knows: the dummy of RFC 7600 section 4.
    private static final InetAddress NOWHERE = InetAddress.ofLiteral("192.0.0.8");

    private record Base(InetSocketAddress address, int preference) {}

    /// Where a server is asked.
    record Endpoint(IceServer server, InetSocketAddress address, ServerUri.Transport transport) {}

    private record Known(InetSocketAddress address, InetSocketAddress base) {}

    private final List<IceServer> servers;
    private final Discovery discovery;
    private final boolean relayOnly;
    private final boolean hostsAreNamed;
    private final RandomGenerator random;
    private final Relays relays;
    private final List<Base> bases = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<ReflexiveProbe> probes = new ArrayList<>();
    private final ServerNames names;
    private final ServerStreams streams = new ServerStreams();
    private final Deque<Candidate> found = new ArrayDeque<>();
    /// One for each allocation at most.
    private final Deque<InetSocketAddress> gone = new ArrayDeque<>();

    private final Set<Known> known = new HashSet<>();
    private long deadlineNanos = TimerTable.NEVER;
    private long lookAgainNanos = TimerTable.NEVER;
    private boolean isComplete;
    private boolean ending;
    private long unanswered;

    Gathering(PeerCoreConfig config, RandomGenerator random) {
        this.servers = new ArrayList<>(config.iceServers());
        this.discovery = new Discovery(config.discovery());
        this.relayOnly = config.relayOnly();
        this.hostsAreNamed = config.mdnsCandidates();
        this.random = random;
        this.names = new ServerNames(random, this::addEndpoint);
        this.relays = new Relays(new RelayFinder(), relayOnly);
        this.isComplete = servers.isEmpty() && !discovery.isOn();
    }

    Relays relays() {
        return relays;
    }

    /// A socket is open: the servers are asked from it.
    void addBase(long nowNanos, InetSocketAddress address, int preference) {
        Base base = new Base(address, preference);
        servers.addAll(discovery.begin());
        if (bases.isEmpty() && !servers.isEmpty() && !isComplete) {
            deadlineNanos = nowNanos + PATIENCE_NANOS;
        }
        for (IceServer server : servers) {
            if (endpoints.stream().noneMatch(endpoint -> endpoint.server().equals(server))) {
                lookUp(nowNanos, server); // the first time, or again, as another network may know the name
            }
        }
        bases.add(base);
        if (!hostsAreNamed) {
            known.add(new Known(address, address)); // "MUST NOT be considered redundant" beside a name
        }
        for (Endpoint endpoint : List.copyOf(endpoints)) {
            ask(nowNanos, endpoint, base);
        }
        // other bases follow in the same breath: that this one has nobody to ask does not mean that none has
        lookAgainNanos = isComplete ? TimerTable.NEVER : nowNanos;
    }

    /// The path is lost, or ICE begins anew: a NAT on the way may have forgotten this host, so that what the servers
    /// saw is true no more.
    void again(long nowNanos) {
        probes.replaceAll(probe -> new ReflexiveProbe(nowNanos, probe.path(), random));
        relays.verify(nowNanos);
        askAll(nowNanos);
    }

    /// From every base whom is not asked from there.
    private void askAll(long nowNanos) {
        if (ending) {
            return;
        }
        for (Endpoint endpoint : List.copyOf(endpoints)) {
            for (Base base : List.copyOf(bases)) {
                ask(nowNanos, endpoint, base);
            }
        }
    }

    /// A socket is gone, with the address it was bound to.
    void removeBase(long nowNanos, InetSocketAddress address) {
        bases.removeIf(base -> base.address().equals(address));
        known.removeIf(seen -> seen.base().equals(address));
        found.removeIf(candidate -> candidate.address().equals(address) || address.equals(candidate.relatedAddress()));
        probes.removeIf(probe -> probe.path().local().equals(address));
        relays.onBaseGone(nowNanos, address);
        checkCompletion(nowNanos);
    }

    private void lookUp(long nowNanos, IceServer server) {
        if (server.byName()) {
            InetSocketAddress nowhere =
                    new InetSocketAddress(NOWHERE, server.uri().port());
            addEndpoint(
                    nowNanos, server, new ServerCandidate(nowhere, server.uri().transport()));
        } else {
            names.lookUp(nowNanos, server);
        }
    }

    /// Moves what is to be looked up about servers to `queue`, each answered by [#resolved] or [#answered], and the
    /// connections to open.
    void pumpTo(Queue<PeerEvent> queue) {
        if (discovery.pollWanted()) {
            queue.add(new PeerEvent.DiscoverServers());
        }
        names.pumpTo(queue);
        streams.pumpTo(queue);
    }

    /// The addresses behind a name; none when there are none.
    void resolved(long nowNanos, String host, List<InetAddress> addresses) {
        names.resolved(nowNanos, host, addresses);
        checkCompletion(nowNanos);
    }

    /// What is known of services; nothing when there are none.
    void answered(long nowNanos, DnsQuestion question, List<DnsRecord> records) {
        names.answered(nowNanos, question, records);
        checkCompletion(nowNanos);
    }

    /// A server of the network that has announced itself.
    void announced(long nowNanos, ServerCandidate way) {
        addFound(nowNanos, discovery.announced(way));
    }

    /// The domain of this host, which may have servers.
    void ofDomain(long nowNanos, String name) {
        addFound(nowNanos, discovery.ofDomain(name));
    }

    private void addFound(long nowNanos, @Nullable IceServer server) {
        if (server != null && !bases.isEmpty()) {
            servers.add(server);
            lookUp(nowNanos, server);
        }
    }

    /// Nothing more will be announced.
    void discoveryEnded(long nowNanos) {
        discovery.end();
        checkCompletion(nowNanos);
    }

    private void addEndpoint(long nowNanos, IceServer server, ServerCandidate candidate) {
        Endpoint endpoint = new Endpoint(server, candidate.address(), candidate.transport());
        if (endpoints.contains(endpoint)) {
            return;
        }
        endpoints.add(endpoint);
        for (Base base : bases) {
            ask(nowNanos, endpoint, base);
        }
    }

    /// Nobody has answered there: the servers that were expected there may be elsewhere, too.
    private void onFailed(long nowNanos, InetSocketAddress address, boolean stream) {
        for (Endpoint endpoint : List.copyOf(endpoints)) {
            boolean isStream = endpoint.transport() != ServerUri.Transport.UDP;
            if (endpoint.address().equals(address) && isStream == stream) {
                names.failed(nowNanos, endpoint.server(), new ServerCandidate(address, endpoint.transport()));
            }
        }
    }

    private void ask(long nowNanos, Endpoint endpoint, Base base) {
        if (endpoint.server().byName()) {
            streams.ask(endpoint, base.preference());
            return;
        }
        InetAddress from = base.address().getAddress();
        InetAddress to = endpoint.address().getAddress();
        if (!from.getClass().equals(to.getClass()) || from.isLoopbackAddress() != to.isLoopbackAddress()) {
            return;
        }
        Path path = new Path(base.address(), endpoint.address());
        switch (endpoint.server().uri().kind()) {
            case STUN -> {
                boolean isAsked = probes.stream().anyMatch(probe -> probe.path().equals(path));
                if (!relayOnly && !isAsked && probes.size() < PROBES_LIMIT) {
                    probes.add(new ReflexiveProbe(nowNanos, path, random));
                }
            }
            case TURN -> {
                if (endpoint.transport() != ServerUri.Transport.UDP) {
                    streams.ask(endpoint, base.preference());
                } else if (relays.clientOf(path) == null) {
                    relays.add(
                            nowNanos,
                            client(endpoint, base.address(), false),
                            base.preference(),
                            endpoint.server().origin());
                }
            }
        }
    }

    void streamOpened(long nowNanos, int handle, Path path) {
        ServerStreams.Stream stream = streams.opened(handle, path);
        if (stream != null) {
            relays.add(
                    nowNanos,
                    client(stream.endpoint(), path.local(), true),
                    stream.preference(),
                    stream.endpoint().server().origin());
        }
    }

    /// A connection has ended, or has not come about. One that has stood may stand again, from another address.
    void streamClosed(long nowNanos, int handle) {
        ServerStreams.Stream lost = streams.closed(handle);
        if (lost != null && lost.path() == null) {
            onFailed(nowNanos, lost.endpoint().address(), true);
        }
        if (lost != null && lost.path() != null) {
            relays.onConnectionLost(nowNanos, lost.path());
            InetAddress from = lost.path().local().getAddress();
            for (Base base : bases) {
                if (!base.address().getAddress().equals(from)) {
                    streams.ask(lost.endpoint(), base.preference());
                }
            }
        }
        checkCompletion(nowNanos);
    }

    private TurnClient client(Endpoint endpoint, InetSocketAddress local, boolean stream) {
        IceServer server = endpoint.server();
        TurnServer turn = new TurnServer(endpoint.address(), server.username(), server.password());
        return new TurnClient(local, turn, stream, random, TurnConfig.defaults());
    }

    // --- what is found

    /// The next candidate, or null.
    @Nullable
    Candidate pollCandidate() {
        return found.poll();
    }

    /// The next relayed address that is no more, or null.
    @Nullable
    InetSocketAddress pollGone() {
        return gone.poll();
    }

    private final class RelayFinder implements Relays.Finder {
        @Override
        public void onRelayed(Candidate candidate, InetSocketAddress mapped, Path toServer, IceServer.Origin origin) {
            add(candidate);
            if (!relayOnly && origin == IceServer.Origin.CONFIGURED) {
                addReflexive(mapped, toServer); // what is seen of a stream belongs to no base, and is none
            }
        }

        @Override
        public void onFailed(long nowNanos, InetSocketAddress server, boolean stream) {
            Gathering.this.onFailed(nowNanos, server, stream);
        }

        @Override
        public void onGone(long nowNanos, InetSocketAddress relayed, Path toServer, boolean isRenewable) {
            found.removeIf(candidate -> candidate.address().equals(relayed));
            gone.add(relayed);
            if (isRenewable) {
                askAll(nowNanos);
            }
        }
    }

    /// One candidate for each address seen of a base (RFC 8445 section 5.1.3); what no NAT has changed is none.
    private void addReflexive(InetSocketAddress mapped, Path path) {
        for (Base base : bases) {
            if (base.address().equals(path.local()) && known.add(new Known(mapped, path.local()))) {
                add(Candidate.serverReflexive(mapped, path.local(), path.remote(), base.preference()));
            }
        }
    }

    private void add(Candidate candidate) {
        if (found.size() < FOUND_LIMIT) {
            found.add(candidate);
        }
    }

    /// Whether nothing has to be waited for any more.
    boolean isComplete() {
        return isComplete;
    }

    private void checkCompletion(long nowNanos) {
        if (isComplete) {
            return;
        }
        boolean isSettled = names.isSettled()
                && !discovery.isLooking()
                && streams.areOpen()
                && relays.areSettled()
                && probes.stream().allMatch(ReflexiveProbe::isSettled);
        if (isSettled && !bases.isEmpty() || nowNanos >= deadlineNanos) {
            isComplete = true;
            unanswered = probes.stream().filter(probe -> probe.mapped() == null).count();
            deadlineNanos = TimerTable.NEVER;
        }
    }

    // --- messages

    /// Takes what a STUN server answers; whether it was that.
    boolean handleAnswer(long nowNanos, ByteBuffer borrowed, Path from) {
        for (ReflexiveProbe probe : probes) {
            if (probe.handle(nowNanos, borrowed, from)) {
                InetSocketAddress mapped = probe.mapped();
                if (mapped != null) {
                    addReflexive(mapped, probe.path());
                }
                checkCompletion(nowNanos);
                return true;
            }
        }
        return false;
    }

    /// Something has come from a TURN server.
    void onRelayMessage(long nowNanos) {
        checkCompletion(nowNanos);
    }

    void handleTimeout(long nowNanos) {
        names.handleTimeout(nowNanos);
        for (ReflexiveProbe probe : List.copyOf(probes)) {
            boolean wasSettled = probe.isSettled();
            probe.handleTimeout(nowNanos);
            if (!wasSettled && probe.isSettled()) {
                onFailed(nowNanos, probe.path().remote(), false);
            }
        }
        relays.handleTimeout(nowNanos);
        if (nowNanos >= lookAgainNanos) {
            lookAgainNanos = TimerTable.NEVER;
        }
        checkCompletion(nowNanos);
    }

    @Nullable
    Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        for (ReflexiveProbe probe : probes) {
            Transmit next = probe.pollTransmit(nowNanos, into);
            if (next != null) {
                return next;
            }
        }
        return relays.pollTransmit(nowNanos, into);
    }

    long nextTimeoutNanos() {
        long next = Math.min(Math.min(deadlineNanos, lookAgainNanos), relays.nextTimeoutNanos());
        next = Math.min(next, names.nextTimeoutNanos());
        for (ReflexiveProbe probe : probes) {
            next = Math.min(next, probe.nextTimeoutNanos());
        }
        return next;
    }

    /// Goodbyes are all that is left to say: a relay that goes now is no loss.
    void end() {
        ending = true;
    }

    void close(long nowNanos) {
        bases.clear();
        probes.clear();
        names.close();
        deadlineNanos = TimerTable.NEVER;
        lookAgainNanos = TimerTable.NEVER;
        isComplete = true;
        relays.close(nowNanos);
    }

    void count(PeerStats.Counters counters) {
        counters.put("gathering.unanswered", unanswered);
        relays.count(counters);
    }
}
