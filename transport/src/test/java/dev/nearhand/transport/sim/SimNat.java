package dev.nearhand.transport.sim;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A NAT between a realm of hosts and the rest of the world.
public final class SimNat {
    private static final int FIRST_PORT = 40_000;

    /// A mapping's key: the inner end and as much of the outer one as the behaviour looks at.
    private record Key(InetSocketAddress inner, Object seenOfRemote) {}

    private static final class Mapping {
        final InetSocketAddress inner;
        final InetSocketAddress outer;
        final Map<Object, Long> sentTo = new HashMap<>();
        long lastOutNanos;

        Mapping(InetSocketAddress inner, InetSocketAddress outer) {
            this.inner = inner;
            this.outer = outer;
        }
    }

    private final InetAddress outerAddress;
    private final NatBehaviour behaviour;
    private final Map<Key, Mapping> mappings = new LinkedHashMap<>();
    private final Map<Integer, Mapping> byOuterPort = new HashMap<>();
    private int nextPort = FIRST_PORT;

    SimNat(InetAddress outerAddress, NatBehaviour behaviour) {
        this.outerAddress = outerAddress;
        this.behaviour = behaviour;
    }

    public InetAddress outerAddress() {
        return outerAddress;
    }

    /// It forgets every mapping, as when it starts anew: what leaves from now on leaves from other ports.
    public void rebind() {
        mappings.clear();
        byOuterPort.clear();
    }

    boolean hairpins() {
        return behaviour.hairpinning();
    }

    /// The outer source of a datagram that leaves; makes or refreshes its mapping.
    InetSocketAddress translateOut(long nowNanos, InetSocketAddress inner, InetSocketAddress remote) {
        Key key = new Key(inner, seen(behaviour.mapping(), remote));
        Mapping mapping = mappings.get(key);
        if (mapping == null || isExpired(mapping, nowNanos)) {
            mapping = new Mapping(inner, new InetSocketAddress(outerAddress, nextPort++));
            mappings.put(key, mapping);
            byOuterPort.put(mapping.outer.getPort(), mapping);
        }
        mapping.lastOutNanos = nowNanos;
        mapping.sentTo.put(seen(behaviour.filtering(), remote), nowNanos);
        return mapping.outer;
    }

    /// The inner destination of a datagram that wants in, or null when it is not let in.
    @Nullable
    InetSocketAddress translateIn(long nowNanos, InetSocketAddress outer, InetSocketAddress remote) {
        Mapping mapping = byOuterPort.get(outer.getPort());
        boolean letIn = mapping != null
                && !isExpired(mapping, nowNanos)
                && mapping.sentTo.containsKey(seen(behaviour.filtering(), remote));
        return letIn ? mapping.inner : null;
    }

    private boolean isExpired(Mapping mapping, long nowNanos) {
        return nowNanos - mapping.lastOutNanos > behaviour.expiryNanos();
    }

    private static Object seen(NatBehaviour.Dependence dependence, InetSocketAddress remote) {
        return switch (dependence) {
            case ENDPOINT_INDEPENDENT -> "any";
            case ADDRESS_DEPENDENT -> remote.getAddress();
            case ADDRESS_AND_PORT_DEPENDENT -> remote;
        };
    }
}
