package dev.nearhand.transport.sim;

import dev.nearhand.transport.wire.Path;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// A world with a clock of its own and one queue of events. Everything that happens in it follows from its seed: two
/// worlds with the same seed and the same script have the same [#traceHash].
///
/// Datagrams travel between the addresses of hosts over links that delay, lose, duplicate and reorder them, through the
/// NATs that the hosts are behind. Time passes only in the `run…` methods, which check every invariant after each
/// event.
public final class SimWorld {
    private static final long MAX_EVENTS = 20_000_000;
    private static final int TRACE_LINES = 400;

    private record Event(long atNanos, long order, Runnable action) {}

    private record Bound(SimHost host, SimNode<?> node) {}

    private record Invariant(String rule, BooleanSupplier holds) {}

    private record Direction(SimHost from, SimHost to) {}

    private record Way(InetAddress from, InetAddress to) {}

    /// The same address may be in use behind two NATs.
    private record Place(@Nullable SimNat realm, InetSocketAddress address) {}

    private final long seed;
    private final SplittableRandom random;
    private final PriorityQueue<Event> queue = new PriorityQueue<>(
            (a, b) -> a.atNanos != b.atNanos ? Long.compare(a.atNanos, b.atNanos) : Long.compare(a.order, b.order));
    private final Map<Place, Bound> bound = new HashMap<>();
    private final Map<InetAddress, SimNat> nats = new HashMap<>();
    private final Map<Direction, SimLink> links = new HashMap<>();
    private final SimStreams streams = new SimStreams(this);
    private final Set<InetAddress> cutAddresses = new HashSet<>();
    private final Set<Way> cutWays = new HashSet<>();
    private final List<Invariant> invariants = new ArrayList<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private LinkProfile defaultProfile = LinkProfile.perfect();
    private long nowNanos;
    private long order;
    private long events;
    private long traceHash = 1_125_899_906_842_597L;
    private long unroutable;
    private boolean blocksUdp;

    public SimWorld(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    public long now() {
        return nowNanos;
    }

    /// A generator of its own for one part of the world.
    public RandomGenerator random() {
        return random.split();
    }

    /// Two worlds that did the same have the same.
    public long traceHash() {
        return traceHash;
    }

    /// The latest lines of what happened.
    public String trace() {
        return String.join("\n", trace);
    }

    /// Datagrams that no route leads for, or that a NAT did not let in.
    public long unroutable() {
        return unroutable;
    }

    // --- building the world

    /// @param addresses IPv4 and IPv6 literals
    public SimHost host(String name, String... addresses) {
        return new SimHost(this, name, literals(addresses), null);
    }

    public SimHost hostBehind(SimNat nat, String name, String... addresses) {
        return new SimHost(this, name, literals(addresses), nat);
    }

    public SimNat nat(String outerAddress, NatBehaviour behaviour) {
        SimNat nat = new SimNat(InetAddress.ofLiteral(outerAddress), behaviour);
        nats.put(nat.outerAddress(), nat);
        return nat;
    }

    /// What links are like that [#link] says nothing about.
    public void links(LinkProfile profile) {
        defaultProfile = profile;
    }

    /// Sets both directions, now or in the middle of things.
    public void link(SimHost a, SimHost b, LinkProfile profile) {
        oneWay(a, b, profile);
        oneWay(b, a, profile);
    }

    public void oneWay(SimHost from, SimHost to, LinkProfile profile) {
        direction(from, to).setProfile(profile);
    }

    /// Cuts or mends one direction.
    public void setDown(SimHost from, SimHost to, boolean down) {
        direction(from, to).setDown(down);
    }

    /// Cuts or mends everything from and to one address, as when an interface goes away.
    public void setDown(InetAddress address, boolean down) {
        if (down) {
            cutAddresses.add(address);
        } else {
            cutAddresses.remove(address);
        }
    }

    /// Drops every UDP datagram, or none any more.
    public void blockUdp(boolean blocked) {
        blocksUdp = blocked;
    }

    /// Ends every TCP connection, as a middlebox that has forgotten them would.
    public void breakConnections() {
        streams.breakAll();
    }

    /// How many TCP connections have been opened.
    public long connectionsOpened() {
        return streams.opened();
    }

    /// How many frames have come over TCP connections.
    public long framesCarried() {
        return streams.carried();
    }

    /// Cuts or mends one direction between two addresses, as their own hosts know them.
    public void setDown(InetAddress from, InetAddress to, boolean down) {
        if (down) {
            cutWays.add(new Way(from, to));
        } else {
            cutWays.remove(new Way(from, to));
        }
    }

    public long lost(SimHost from, SimHost to) {
        return direction(from, to).lost();
    }

    public long carried(SimHost from, SimHost to) {
        return direction(from, to).carried();
    }

    /// How long what is sent now would wait in the queue of a direction, in milliseconds.
    public double queueMillis(SimHost from, SimHost to) {
        return direction(from, to).waitingNanos(nowNanos) / 1e6;
    }

    /// Holds after every event, or the run fails with the seed and the time.
    public void invariant(String rule, BooleanSupplier holds) {
        invariants.add(new Invariant(rule, holds));
    }

    // --- letting time pass

    public void at(long atNanos, Runnable action) {
        queue.add(new Event(Math.max(atNanos, nowNanos), order++, action));
    }

    public void afterMillis(double millis, Runnable action) {
        at(nowNanos + (long) (millis * 1e6), action);
    }

    public void runForMillis(double millis) {
        long end = nowNanos + (long) (millis * 1e6);
        while (!queue.isEmpty() && queue.peek().atNanos <= end) {
            step();
        }
        nowNanos = end;
    }

    /// Runs until the condition holds; whether it did within the time.
    public boolean runUntil(BooleanSupplier condition, double maxMillis) {
        long end = nowNanos + (long) (maxMillis * 1e6);
        while (!condition.getAsBoolean()) {
            if (queue.isEmpty() || queue.peek().atNanos > end) {
                nowNanos = end;
                return false;
            }
            step();
        }
        return true;
    }

    private void step() {
        Event event = queue.remove();
        nowNanos = event.atNanos;
        if (++events > MAX_EVENTS) {
            throw failure("more than " + MAX_EVENTS + " events: something goes on without end", null);
        }
        try {
            event.action.run();
        } catch (RuntimeException | AssertionError thrown) {
            throw failure("a core threw " + thrown, thrown);
        }
        for (Invariant invariant : invariants) {
            if (!invariant.holds.getAsBoolean()) {
                throw failure("does not hold: " + invariant.rule, null);
            }
        }
    }

    private AssertionError failure(String what, @Nullable Throwable cause) {
        return new AssertionError(
                "seed " + seed + " at " + nowNanos / 1_000 + " us: " + what + "\nlately:\n" + trace(), cause);
    }

    // --- what nodes and hosts use

    void bind(SimHost host, InetSocketAddress address, SimNode<?> node) {
        bound.put(new Place(host.nat(), address), new Bound(host, node));
    }

    void unbind(SimHost host, InetSocketAddress address) {
        bound.remove(new Place(host.nat(), address));
    }

    void send(SimHost from, ByteBuffer borrowed, Path path) {
        byte[] copy = new byte[borrowed.remaining()];
        borrowed.duplicate().get(copy);
        note("send " + from.name() + " " + copy.length + " " + crc(copy) + " :"
                + path.local().getPort() + " -> :" + path.remote().getPort());
        if (path.stream()) {
            streams.send(from, copy, path);
            return;
        }
        if (blocksUdp || isCut(path)) {
            note("cut");
            return;
        }
        SimNat nat = from.nat();
        Bound neighbour = bound.get(new Place(nat, path.remote()));
        if (neighbour != null) {
            carry(from, neighbour, copy, new Path(path.remote(), path.local()));
            return;
        }
        InetSocketAddress source = nat == null ? path.local() : nat.translateOut(nowNanos, path.local(), path.remote());
        SimNat otherNat = nats.get(path.remote().getAddress());
        if (otherNat != null && (otherNat != nat || nat.hairpins())) {
            InetSocketAddress inner = otherNat.translateIn(nowNanos, path.remote(), source);
            deliver(from, inner == null ? null : bound.get(new Place(otherNat, inner)), copy, inner, source);
        } else {
            deliver(from, bound.get(new Place(null, path.remote())), copy, path.remote(), source);
        }
    }

    boolean isCut(Path path) {
        return cutWays.contains(new Way(path.local().getAddress(), path.remote().getAddress()))
                || cutAddresses.contains(path.local().getAddress())
                || cutAddresses.contains(path.remote().getAddress());
    }

    SimStreams streams() {
        return streams;
    }

    private void deliver(
            SimHost from,
            @Nullable Bound target,
            byte[] datagram,
            @Nullable InetSocketAddress destination,
            InetSocketAddress source) {
        if (target == null || destination == null) {
            unroutable++;
            note("unroutable");
        } else {
            carry(from, target, datagram, new Path(destination, source));
        }
    }

    private void carry(SimHost from, Bound target, byte[] datagram, Path atReceiver) {
        direction(from, target.host)
                .carry(
                        nowNanos,
                        datagram.length,
                        arrivalNanos -> at(arrivalNanos, () -> {
                            note("arrive " + target.host.name() + " " + datagram.length + " " + crc(datagram));
                            target.node.receive(ByteBuffer.wrap(datagram.clone()), atReceiver);
                        }));
    }

    void note(String line) {
        String full = nowNanos + " " + line;
        for (int i = 0; i < full.length(); i++) {
            traceHash = 31 * traceHash + full.charAt(i);
        }
        if (trace.size() == TRACE_LINES) {
            trace.removeFirst();
        }
        trace.addLast(full);
    }

    SimLink direction(SimHost from, SimHost to) {
        return links.computeIfAbsent(new Direction(from, to), _ -> new SimLink(defaultProfile, random.split()));
    }

    private static String crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return Long.toHexString(crc.getValue());
    }

    private static List<InetAddress> literals(String... addresses) {
        return Arrays.stream(addresses).map(InetAddress::ofLiteral).toList();
    }
}
