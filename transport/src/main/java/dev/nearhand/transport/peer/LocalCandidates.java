package dev.nearhand.transport.peer;

import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.CandidateType;
import dev.nearhand.transport.ice.TransportProtocol;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// The candidates of this side, as the other one is told them: with the addresses of this host, or with names of the
/// local link instead, which say nothing to who is not there (draft-ietf-mmusic-mdns-ice-candidates section 3.1).
///
/// A name stands for one address as long as the connection has that address, and is never used again.
final class LocalCandidates {
    private static final int UUID_VERSION_4 = 0x4000;
    private static final long UUID_VERSION_MASK = 0xF000;
    private static final long UUID_VARIANT = 0x8000_0000_0000_0000L;
    private static final long UUID_VARIANT_MASK = 0xC000_0000_0000_0000L;

    /// "Its rport field set to 9".
    private static final int DISCARD_PORT = 9;

    private static final InetAddress NO_IPV4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress NO_IPV6 = InetAddress.ofLiteral("::");

    private record Entry(Candidate own, Candidate told) {}

    private final boolean named;
    private final RandomGenerator secrets;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Candidate> told = new ArrayList<>();
    private final Map<InetAddress, String> names = new LinkedHashMap<>();
    private final Map<String, String> foundations = new HashMap<>();
    private int changes;
    private final Deque<PeerEvent> events = new ArrayDeque<>();

    /// @param named whether addresses of this host are told as names
    LocalCandidates(boolean named, RandomGenerator secrets) {
        this.named = named;
        this.secrets = secrets;
    }

    void add(Candidate own) {
        Candidate disguised = named ? disguised(own) : own;
        entries.add(new Entry(own, disguised));
        told.add(disguised);
        changes++;
    }

    /// An address is gone, and with it what a server had seen it as.
    void remove(InetSocketAddress address) {
        remove(
                address.getAddress(),
                own -> own.transport() == TransportProtocol.UDP && own.address().equals(address)
                        || own.type() == CandidateType.SRFLX && address.equals(own.relatedAddress()));
    }

    /// No TCP connection is accepted at an address any more.
    void removeTcp(InetAddress host) {
        remove(
                host,
                own -> own.transport() == TransportProtocol.TCP
                        && own.address().getAddress().equals(host));
    }

    private void remove(InetAddress host, Predicate<Candidate> isGone) {
        entries.removeIf(entry -> isGone.test(entry.own) && told.remove(entry.told));
        changes++;
        boolean isInUse = entries.stream()
                .anyMatch(entry -> entry.own.type() == CandidateType.HOST
                        && entry.own.address().getAddress().equals(host));
        String name = isInUse ? null : names.remove(host);
        if (name != null) {
            events.add(new PeerEvent.WithdrawHost(name));
        }
    }

    /// The live list, as the other side is told it.
    List<Candidate> told() {
        return told;
    }

    /// How often [#told] has changed.
    int changes() {
        return changes;
    }

    /// Moves what has to be made known on the local link to `queue`.
    void pumpTo(Queue<PeerEvent> queue) {
        for (PeerEvent event = events.poll(); event != null; event = events.poll()) {
            queue.add(event);
        }
    }

    private Candidate disguised(Candidate own) {
        InetSocketAddress related = own.relatedAddress();
        return new Candidate(
                // ours are checksums of addresses, from which those can be calculated
                foundations.computeIfAbsent(own.foundation(), _ -> Integer.toString(foundations.size() + 1)),
                own.component(),
                own.transport(),
                own.priority(),
                own.type() == CandidateType.HOST ? nameOf(own.address()) : own.address(),
                own.type(),
                related == null ? null : new InetSocketAddress(nothing(related.getAddress()), DISCARD_PORT),
                own.extensions());
    }

    private static InetAddress nothing(InetAddress family) {
        return family instanceof Inet6Address ? NO_IPV6 : NO_IPV4;
    }

    private InetSocketAddress nameOf(InetSocketAddress address) {
        String name = names.computeIfAbsent(address.getAddress(), host -> {
            String fresh = randomUuid() + ".local";
            events.add(new PeerEvent.PublishHost(fresh, host));
            return fresh;
        });
        return InetSocketAddress.createUnresolved(name, address.getPort());
    }

    /// "A version 4 UUID as defined in RFC 4122".
    private UUID randomUuid() {
        long high = secrets.nextLong() & ~UUID_VERSION_MASK | UUID_VERSION_4;
        long low = secrets.nextLong() & ~UUID_VARIANT_MASK | UUID_VARIANT;
        return new UUID(high, low);
    }
}
