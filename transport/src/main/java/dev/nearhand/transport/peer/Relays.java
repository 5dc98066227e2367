package dev.nearhand.transport.peer;

import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.turn.Relayed;
import dev.nearhand.transport.turn.TurnClient;
import dev.nearhand.transport.turn.TurnEvent;
import dev.nearhand.transport.turn.TurnState;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The allocations of a [PeerCore]. To everything above, a relayed address is a local address like any other: what
/// leaves from it is wrapped for its server here, and what comes from a server is unwrapped.
final class Relays {
    /// Further allocations are not asked for.
    static final int LIMIT = 8;

    /// Peers that a new allocation lets through; further ones are let through when they are first written to.
    static final int PEERS_LIMIT = 64;

    /// An allocation that ended sooner is not asked for once more: the next would fare no better.
    private static final long RENEWABLE_AFTER_NANOS = 5_000_000_000L;

    /// Told of each relayed candidate.
    interface Finder {
        /// @param mapped what the server sees the near end of `toServer` as
        /// @param origin of the server
        void onRelayed(Candidate candidate, InetSocketAddress mapped, Path toServer, IceServer.Origin origin);

        /// A server has relayed nothing, and will not.
        ///
        /// @param stream whether it was spoken with over TCP or TLS
        void onFailed(long nowNanos, InetSocketAddress server, boolean stream);

        /// A relayed address is no more.
        ///
        /// @param toServer where its server was asked along
        /// @param isRenewable whether the server may grant another one
        void onGone(long nowNanos, InetSocketAddress relayed, Path toServer, boolean isRenewable);
    }

    private static final class Relay {
        final TurnClient client;
        final int preference;
        final IceServer.Origin origin;
        /// Who was asked first, for the foundation.
        final InetSocketAddress server;

        @Nullable
        InetSocketAddress relayed;

        long allocatedNanos;

        Relay(TurnClient client, int preference, IceServer.Origin origin) {
            this.origin = origin;
            this.client = client;
            this.server = client.path().remote();
            this.preference = preference;
        }
    }

    private final List<Relay> relays = new ArrayList<>();
    private final Set<InetAddress> peers = new LinkedHashSet<>();
    /// As many as there are remote candidates at most.
    private final Set<InetAddress> named = new HashSet<>();

    private final Finder finder;
    private final boolean hidesMapped;
    private final SortedMap<String, Long> counters = new TreeMap<>();

    /// @param hidesMapped whether candidates keep to themselves where this host is
    Relays(Finder finder, boolean hidesMapped) {
        this.finder = finder;
        this.hidesMapped = hidesMapped;
    }

    /// Takes a client that has not asked yet, and lets it ask; whether there was room.
    boolean add(long nowNanos, TurnClient client, int preference, IceServer.Origin origin) {
        if (relays.size() == LIMIT) {
            return false;
        }
        relays.add(new Relay(client, preference, origin));
        client.allocate(nowNanos);
        return true;
    }

    /// Whether each server that is waited for has answered, or will not.
    boolean areSettled() {
        for (Relay relay : relays) {
            if (relay.client.state() == TurnState.ALLOCATING && relay.origin != IceServer.Origin.ANYCAST) {
                return false;
            }
        }
        return true;
    }

    /// The other side may send from this address.
    void permit(long nowNanos, InetAddress peer) {
        if (peers.size() < PEERS_LIMIT) {
            peers.add(peer);
        }
        named.remove(peer);
        relays.forEach(relay -> relay.client.permit(nowNanos, peer));
    }

    /// The other side keeps this address to itself behind a name, so no server hears of it, unless it is told as well
    /// (draft-ietf-mmusic-mdns-ice-candidates section 3.3.2).
    void keepFromServers(InetAddress peer) {
        if (!peers.contains(peer)) {
            named.add(peer);
        }
    }

    /// Much will be sent along this path.
    void onPathSelected(long nowNanos, Path path) {
        Relay relay = find(path);
        if (relay != null) {
            relay.client.bindChannel(nowNanos, path.remote());
        }
    }

    boolean isRelayed(Path path) {
        return find(path) != null;
    }

    private @Nullable Relay find(Path path) {
        for (Relay relay : relays) {
            if (path.local().equals(relay.client.relayed())) {
                return relay;
            }
        }
        return null;
    }

    /// The allocation whose server's messages come along a path, or null.
    @Nullable
    TurnClient clientOf(Path path) {
        for (Relay relay : relays) {
            if (relay.client.path().equals(path)) {
                return relay.client;
            }
        }
        return null;
    }

    /// Takes a message of a server; when there is a peer's datagram in it, that.
    @Nullable
    Relayed receive(long nowNanos, TurnClient client, ByteBuffer borrowed, Path from) {
        Relayed relayed = client.receive(nowNanos, borrowed, from);
        drain(nowNanos);
        return relayed;
    }

    /// Wraps a datagram where it leaves from a relayed address; null when nothing is to be sent now.
    ///
    /// @param into holds the datagram from `start` on
    @Nullable
    Transmit wrap(long nowNanos, Transmit plain, ByteBuffer into, int start) {
        assert into.position() - start == plain.lengthBytes() : "what is to be wrapped ends where it was written to";
        Relay relay = relays.isEmpty() ? null : find(plain.path());
        if (relay == null) {
            return plain;
        }
        if (named.contains(plain.path().remote().getAddress())) {
            counters.merge("dropped.named", 1L, Long::sum);
            return null;
        }
        int length = relay.client.wrap(nowNanos, plain.path().remote(), into, start);
        return length == 0 ? null : new Transmit(relay.client.path(), length);
    }

    /// The connection along a path has ended.
    void onConnectionLost(long nowNanos, Path path) {
        TurnClient client = clientOf(path);
        if (client != null) {
            client.onConnectionLost(nowNanos);
            drain(nowNanos);
        }
    }

    /// The address that servers were asked from is gone; nothing can be said to them any more from there.
    void onBaseGone(long nowNanos, InetSocketAddress base) {
        for (Relay relay : relays) {
            if (relay.client.path().local().equals(base)) {
                relay.client.onConnectionLost(nowNanos);
            }
        }
        drain(nowNanos);
    }

    /// The path to the servers may have changed.
    void verify(long nowNanos) {
        relays.forEach(relay -> relay.client.verify(nowNanos));
    }

    void close(long nowNanos) {
        relays.forEach(relay -> relay.client.close(nowNanos));
        drain(nowNanos);
    }

    /// Whether no server needs to be told of the end any more.
    boolean isOver() {
        return relays.isEmpty();
    }

    void handleTimeout(long nowNanos) {
        relays.forEach(relay -> relay.client.handleTimeout(nowNanos));
        drain(nowNanos);
    }

    @Nullable
    Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        for (Relay relay : relays) {
            Transmit next = relay.client.pollTransmit(nowNanos, into);
            if (next != null) {
                return next;
            }
        }
        return null;
    }

    long nextTimeoutNanos() {
        long next = TimerTable.NEVER;
        for (Relay relay : relays) {
            next = Math.min(next, relay.client.nextTimeoutNanos());
        }
        return next;
    }

    void count(PeerStats.Counters into) {
        SortedMap<String, Long> sum = new TreeMap<>(counters);
        relays.forEach(relay -> relay.client.counters().forEach((name, value) -> sum.merge(name, value, Long::sum)));
        sum.forEach((name, value) -> into.put("turn." + name, value));
    }

    private void drain(long nowNanos) {
        for (Relay relay : List.copyOf(relays)) {
            for (TurnEvent event = relay.client.pollEvent(); event != null; event = relay.client.pollEvent()) {
                switch (event) {
                    case TurnEvent.Allocated allocated -> onAllocated(nowNanos, relay, allocated);
                    case TurnEvent.Received _ -> throw new IllegalStateException("taken by receive");
                    case TurnEvent.Ended _ -> {
                        relays.remove(relay);
                        relay.client.counters().forEach((name, value) -> counters.merge(name, value, Long::sum));
                        counters.merge("ended", 1L, Long::sum);
                        if (relay.relayed != null) {
                            boolean isRenewable = nowNanos - relay.allocatedNanos >= RENEWABLE_AFTER_NANOS;
                            finder.onGone(nowNanos, relay.relayed, relay.client.path(), isRenewable);
                        } else {
                            finder.onFailed(nowNanos, relay.server, relay.client.isStream());
                        }
                    }
                }
            }
        }
    }

    private void onAllocated(long nowNanos, Relay relay, TurnEvent.Allocated allocated) {
        relay.relayed = allocated.relayed();
        relay.allocatedNanos = nowNanos;
        peers.forEach(peer -> relay.client.permit(nowNanos, peer));
        InetSocketAddress related = hidesMapped ? nowhere(allocated.relayed()) : allocated.mapped();
        Candidate candidate = Candidate.relayed(allocated.relayed(), related, relay.server, relay.preference);
        finder.onRelayed(candidate, allocated.mapped(), relay.client.path(), relay.origin);
    }

    /// "The related address ... MAY be 0.0.0.0 or ::, port 0", of the family of the candidate.
    private static InetSocketAddress nowhere(InetSocketAddress relayed) {
        byte[] zeros = new byte[relayed.getAddress().getAddress().length];
        try {
            return new InetSocketAddress(InetAddress.getByAddress(zeros), 0);
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException("4 and 16 bytes are addresses", impossible);
        }
    }
}
