package dev.nearhand.transport.peer;

import dev.nearhand.transport.dns.DnsQuestion;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.turn.ServerCandidate;
import dev.nearhand.transport.turn.ServerResolution;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The ways to the servers of one peer connection: of each server the first way of each family of addresses is told,
/// and the next one of that family when one has led nowhere.
final class ServerNames {
    /// Told of each way that is to be tried.
    interface Listener {
        void onCandidate(long nowNanos, IceServer server, ServerCandidate candidate);
    }

    private record Failure(IceServer server, ServerCandidate way) {}

    private final RandomGenerator random;
    private final Listener listener;
    private final Map<IceServer, ServerResolution> open = new LinkedHashMap<>();
    /// Not told yet; as many for each server as a resolution finds at most.
    private final Map<IceServer, List<ServerCandidate>> spare = new LinkedHashMap<>();
    private final Set<Failure> failed = new HashSet<>();
    private final Set<DnsQuestion> waiting = new HashSet<>();

    ServerNames(RandomGenerator random, Listener listener) {
        this.random = random;
        this.listener = listener;
    }

    /// Looks for the ways to a server, unless that is going on.
    void lookUp(long nowNanos, IceServer server) {
        if (!open.containsKey(server)) {
            boolean isGuess = server.origin() != IceServer.Origin.CONFIGURED;
            open.put(server, new ServerResolution(nowNanos, server.uri(), random, isGuess));
            settle(nowNanos);
        }
    }

    /// Moves what has to be asked to `queue`, each question once.
    void pumpTo(Queue<PeerEvent> queue) {
        for (ServerResolution resolution : open.values()) {
            for (DnsQuestion next = resolution.pollQuestion(); next != null; next = resolution.pollQuestion()) {
                if (waiting.add(next)) {
                    queue.add(
                            next.type() == DnsQuestion.Type.ADDRESS
                                    ? new PeerEvent.ResolveServer(next.name())
                                    : new PeerEvent.ResolveService(next));
                }
            }
        }
    }

    /// The addresses behind a name; none when there are none.
    void resolved(long nowNanos, String host, List<InetAddress> addresses) {
        List<DnsRecord> records = new ArrayList<>();
        addresses.forEach(address -> records.add(new DnsRecord.Address(host, address)));
        answered(nowNanos, new DnsQuestion(host, DnsQuestion.Type.ADDRESS), records);
    }

    void answered(long nowNanos, DnsQuestion question, List<DnsRecord> records) {
        if (waiting.remove(question)) {
            open.values().forEach(resolution -> resolution.answered(question, records));
            settle(nowNanos);
        }
    }

    private void settle(long nowNanos) {
        for (Map.Entry<IceServer, ServerResolution> entry : List.copyOf(open.entrySet())) {
            if (entry.getValue().isDone()) {
                open.remove(entry.getKey());
                tell(nowNanos, entry.getKey(), entry.getValue().candidates());
            }
        }
    }

    private void tell(long nowNanos, IceServer server, List<ServerCandidate> candidates) {
        List<ServerCandidate> first = new ArrayList<>();
        List<ServerCandidate> others = new ArrayList<>();
        Set<Class<?>> families = new HashSet<>();
        for (ServerCandidate candidate : candidates) {
            boolean isFirst = families.add(candidate.address().getAddress().getClass());
            (isFirst ? first : others).add(candidate);
        }
        spare.put(server, others);
        first.forEach(candidate -> listener.onCandidate(nowNanos, server, candidate));
    }

    /// A way that was told has led nowhere: the next one is told.
    void failed(long nowNanos, IceServer server, ServerCandidate way) {
        List<ServerCandidate> others = spare.get(server);
        if (others == null || others.isEmpty() || !failed.add(new Failure(server, way))) {
            return; // from another address of this host it has failed already, say
        }
        ServerCandidate next = next(others, way.address());
        if (next != null) {
            others.remove(next);
            listener.onCandidate(nowNanos, server, next);
        }
    }

    private static @Nullable ServerCandidate next(List<ServerCandidate> others, InetSocketAddress failed) {
        for (ServerCandidate candidate : others) {
            if (candidate
                    .address()
                    .getAddress()
                    .getClass()
                    .equals(failed.getAddress().getClass())) {
                return candidate;
            }
        }
        return null;
    }

    /// Whether nothing is looked up.
    boolean isSettled() {
        return open.isEmpty();
    }

    void handleTimeout(long nowNanos) {
        open.values().forEach(resolution -> resolution.handleTimeout(nowNanos));
        settle(nowNanos);
    }

    long nextTimeoutNanos() {
        long next = TimerTable.NEVER;
        for (ServerResolution resolution : open.values()) {
            next = Math.min(next, resolution.nextTimeoutNanos());
        }
        return next;
    }

    void close() {
        open.clear();
        spare.clear();
        failed.clear();
    }
}
