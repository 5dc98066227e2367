package dev.nearhand.transport.sim;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.stun.StunSeal;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A STUN and TURN server of the simulated world: strict about nonces, permissions, channels and lifetimes, so that a
/// client which forgets one of them is found out. Answers from [#PORT]; relays on the ports from [#FIRST_RELAY_PORT]
/// on.
public final class SimTurnServer implements ProtocolCore<String> {
    public static final int PORT = 3_478;
    public static final int FIRST_RELAY_PORT = 50_000;
    public static final String REALM = "sim";
    public static final String USERNAME = "user";
    public static final String PASSWORD = "password";

    private static final int RELAY_PORTS = 64;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long PERMISSION_NANOS = 300 * SECOND_NANOS;
    private static final long CHANNEL_NANOS = 600 * SECOND_NANOS;

    private static final class Allocation {
        final Path client;
        final InetSocketAddress relayed;
        final Map<InetAddress, Long> permissions = new HashMap<>();
        final Map<Integer, InetSocketAddress> channels = new LinkedHashMap<>();
        final Map<Integer, Long> channelEnds = new HashMap<>();
        long endsNanos;

        Allocation(Path client, InetSocketAddress relayed) {
            this.client = client;
            this.relayed = relayed;
        }

        boolean permits(long nowNanos, InetAddress peer) {
            return permissions.getOrDefault(peer, Long.MIN_VALUE) > nowNanos;
        }

        @Nullable
        Integer channelOf(long nowNanos, InetSocketAddress peer) {
            for (Map.Entry<Integer, InetSocketAddress> entry : channels.entrySet()) {
                if (entry.getValue().equals(peer) && channelEnds.getOrDefault(entry.getKey(), 0L) > nowNanos) {
                    return entry.getKey();
                }
            }
            return null;
        }
    }

    private record Outgoing(Path path, byte[] datagram) {}

    private final RandomGenerator random;
    private final StunKey key = StunKey.longTerm(USERNAME, REALM, PASSWORD);
    private final Map<Path, Allocation> byClient = new LinkedHashMap<>();
    private final Map<InetSocketAddress, Allocation> byRelayed = new HashMap<>();
    private final Deque<Outgoing> outgoing = new ArrayDeque<>();
    private final Map<String, Integer> counters = new TreeMap<>();
    private int nextRelayPort = FIRST_RELAY_PORT;
    private String nonce = "nonce-0";
    private int nonceUses;

    /// How many requests one nonce is good for.
    public int usesPerNonce = Integer.MAX_VALUE;
    /// What it grants.
    public long lifetimeSeconds = 600;
    /// Whom it relays to.
    public Predicate<InetAddress> allowsPeer = _ -> true;
    /// Where it sends its clients instead of serving them.
    public @Nullable InetSocketAddress alternate;
    /// Refuses every Allocate with this error, after the credentials, unless it is 0.
    public int refusesWith;

    private SimTurnServer(RandomGenerator random) {
        this.random = random;
    }

    /// Starts one on a host.
    public static SimTurnServer start(SimWorld world, SimHost host) {
        SimTurnServer server = new SimTurnServer(world.random());
        SimNode<String> node = host.start(PORT, server, _ -> {});
        for (int i = 0; i < RELAY_PORTS; i++) {
            host.also(FIRST_RELAY_PORT + i, node);
        }
        return server;
    }

    public int allocations(long nowNanos) {
        return (int) byClient.values().stream()
                .filter(each -> each.endsNanos > nowNanos)
                .count();
    }

    public int count(String what) {
        return counters.getOrDefault(what, 0);
    }

    private void counted(String what) {
        counters.merge(what, 1, Integer::sum);
    }

    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
        if (path.local().getPort() != PORT) {
            fromPeer(nowNanos, borrowed, path);
        } else if ((borrowed.get(borrowed.position()) & 0xC0) == 0x40) {
            fromChannel(nowNanos, borrowed, path);
        } else if (StunMessage.parse(borrowed) instanceof StunParse.Received received) {
            switch (received.message().messageClass()) {
                case REQUEST -> onRequest(nowNanos, received, path);
                case INDICATION -> onIndication(nowNanos, received.message(), path);
                case SUCCESS_RESPONSE, ERROR_RESPONSE -> {}
            }
        }
    }

    private void fromPeer(long nowNanos, ByteBuffer datagram, Path path) {
        Allocation allocation = byRelayed.get(path.local());
        if (allocation == null
                || allocation.endsNanos <= nowNanos
                || !allocation.permits(nowNanos, path.remote().getAddress())) {
            counted("dropped.fromPeer");
            return;
        }
        Integer channel = allocation.channelOf(nowNanos, path.remote());
        if (channel == null) {
            counted("relayed.dataIndication");
            send(
                    allocation.client,
                    message(
                            StunClass.INDICATION,
                            StunMessage.DATA,
                            TransactionId.random(random),
                            new StunAttribute.XorPeerAddress(path.remote()),
                            new StunAttribute.Data(datagram)));
        } else {
            counted("relayed.channelData");
            ByteBuffer framed = ByteBuffer.allocate(4 + datagram.remaining());
            framed.putShort(channel.shortValue()).putShort((short) datagram.remaining());
            outgoing.add(new Outgoing(
                    allocation.client, framed.put(datagram.duplicate()).array()));
        }
    }

    private void fromChannel(long nowNanos, ByteBuffer datagram, Path path) {
        Allocation allocation = live(nowNanos, path);
        int channel = datagram.getShort(datagram.position()) & 0xFFFF;
        int length = datagram.getShort(datagram.position() + 2) & 0xFFFF;
        InetSocketAddress peer = allocation == null ? null : allocation.channels.get(channel);
        boolean isBound = allocation != null && allocation.channelEnds.getOrDefault(channel, 0L) > nowNanos;
        if (allocation == null || peer == null || !isBound || length > datagram.remaining() - 4) {
            counted("dropped.fromChannel");
            return;
        }
        relay(nowNanos, allocation, peer, datagram.slice(datagram.position() + 4, length));
    }

    private void onIndication(long nowNanos, StunMessage message, Path path) {
        Allocation allocation = live(nowNanos, path);
        StunAttribute.XorPeerAddress peer = message.find(StunAttribute.XorPeerAddress.class);
        StunAttribute.Data data = message.find(StunAttribute.Data.class);
        if (message.method() == StunMessage.BINDING) {
            counted("keepalives");
        } else if (allocation == null || peer == null || data == null) {
            counted("dropped.indication");
        } else {
            counted("received.sendIndication");
            relay(nowNanos, allocation, peer.address(), data.value());
        }
    }

    private void relay(long nowNanos, Allocation allocation, InetSocketAddress peer, ByteBuffer data) {
        if (!allocation.permits(nowNanos, peer.getAddress())) {
            counted("dropped.noPermission");
            return;
        }
        byte[] copy = new byte[data.remaining()];
        data.duplicate().get(copy);
        // a peer may be another client of this very server
        if (byRelayed.containsKey(peer)) {
            fromPeer(nowNanos, ByteBuffer.wrap(copy), new Path(peer, allocation.relayed));
        } else {
            outgoing.add(new Outgoing(new Path(allocation.relayed, peer), copy));
        }
    }

    private void onRequest(long nowNanos, StunParse.Received received, Path path) {
        StunMessage request = received.message();
        if (request.method() == StunMessage.BINDING) {
            counted("bindings");
            send(
                    path,
                    message(
                            StunClass.SUCCESS_RESPONSE,
                            StunMessage.BINDING,
                            request.transactionId(),
                            new StunAttribute.XorMappedAddress(path.remote())));
            return;
        }
        StunAttribute.Nonce given = request.find(StunAttribute.Nonce.class);
        if (given == null || received.seal().verify(key) != StunSeal.Verdict.VALID) {
            demand(request, path, ErrorCode.UNAUTHENTICATED);
        } else if (!given.value().equals(nonce)) {
            demand(request, path, ErrorCode.STALE_NONCE);
        } else {
            if (++nonceUses >= usesPerNonce) {
                newNonce();
            }
            counted("requests." + request.method());
            onAuthentic(nowNanos, request, path);
        }
    }

    private void newNonce() {
        nonceUses = 0;
        nonce = "nonce-" + random.nextLong();
    }

    private void demand(StunMessage request, Path path, int code) {
        counted("errors." + code);
        send(
                path,
                message(
                        StunClass.ERROR_RESPONSE,
                        request.method(),
                        request.transactionId(),
                        new ErrorCode(code, ""),
                        new StunAttribute.Realm(REALM),
                        new StunAttribute.Nonce(nonce)));
    }

    private void onAuthentic(long nowNanos, StunMessage request, Path path) {
        Allocation allocation = live(nowNanos, path);
        if (request.method() == StunMessage.ALLOCATE) {
            onAllocate(nowNanos, request, path, allocation);
            return;
        }
        if (allocation == null) {
            error(request, path, ErrorCode.ALLOCATION_MISMATCH);
            return;
        }
        StunAttribute.XorPeerAddress peer = request.find(StunAttribute.XorPeerAddress.class);
        switch (request.method()) {
            case StunMessage.REFRESH -> {
                StunAttribute.Lifetime asked = request.find(StunAttribute.Lifetime.class);
                long seconds = asked == null ? lifetimeSeconds : Math.min(asked.seconds(), lifetimeSeconds);
                allocation.endsNanos = nowNanos + seconds * SECOND_NANOS;
                success(request, path, new StunAttribute.Lifetime(seconds));
            }
            case StunMessage.CREATE_PERMISSION -> {
                if (peer == null) {
                    error(request, path, ErrorCode.BAD_REQUEST);
                } else if (!allowsPeer.test(peer.address().getAddress())) {
                    error(request, path, ErrorCode.FORBIDDEN);
                } else {
                    allocation.permissions.put(peer.address().getAddress(), nowNanos + PERMISSION_NANOS);
                    success(request, path);
                }
            }
            case StunMessage.CHANNEL_BIND -> {
                StunAttribute.ChannelNumber number = request.find(StunAttribute.ChannelNumber.class);
                if (peer == null || number == null || number.number() < 0x4000 || number.number() > 0x4FFF) {
                    error(request, path, ErrorCode.BAD_REQUEST);
                } else {
                    allocation.channels.put(number.number(), peer.address());
                    allocation.channelEnds.put(number.number(), nowNanos + CHANNEL_NANOS);
                    allocation.permissions.put(peer.address().getAddress(), nowNanos + PERMISSION_NANOS);
                    success(request, path);
                }
            }
            default -> error(request, path, ErrorCode.BAD_REQUEST);
        }
    }

    private void onAllocate(long nowNanos, StunMessage request, Path path, @Nullable Allocation existing) {
        InetSocketAddress other = alternate;
        if (refusesWith != 0) {
            error(request, path, refusesWith);
        } else if (other != null) {
            counted("alternates");
            send(
                    path,
                    answer(
                            StunClass.ERROR_RESPONSE,
                            request,
                            new ErrorCode(ErrorCode.TRY_ALTERNATE, ""),
                            new StunAttribute.AlternateServer(other)));
        } else if (existing != null) {
            error(request, path, ErrorCode.ALLOCATION_MISMATCH);
        } else {
            InetSocketAddress relayed = new InetSocketAddress(path.local().getAddress(), nextRelayPort++);
            Allocation allocation = new Allocation(path, relayed);
            allocation.endsNanos = nowNanos + lifetimeSeconds * SECOND_NANOS;
            byClient.put(path, allocation);
            byRelayed.put(relayed, allocation);
            success(
                    request,
                    path,
                    new StunAttribute.XorRelayedAddress(relayed),
                    new StunAttribute.XorMappedAddress(path.remote()),
                    new StunAttribute.Lifetime(lifetimeSeconds));
        }
    }

    private @Nullable Allocation live(long nowNanos, Path client) {
        Allocation allocation = byClient.get(client);
        return allocation == null || allocation.endsNanos <= nowNanos ? null : allocation;
    }

    private void success(StunMessage request, Path path, StunAttribute... attributes) {
        send(path, answer(StunClass.SUCCESS_RESPONSE, request, attributes));
    }

    private void error(StunMessage request, Path path, int code) {
        counted("errors." + code);
        send(path, answer(StunClass.ERROR_RESPONSE, request, new ErrorCode(code, "")));
    }

    private byte[] answer(StunClass answerClass, StunMessage request, StunAttribute... attributes) {
        ByteBuffer into = ByteBuffer.allocate(1_024);
        new StunMessage(answerClass, request.method(), request.transactionId(), List.of(attributes)).write(into, key);
        return written(into);
    }

    private static byte[] message(StunClass messageClass, int method, TransactionId id, StunAttribute... attributes) {
        ByteBuffer into = ByteBuffer.allocate(4_096);
        new StunMessage(messageClass, method, id, List.of(attributes)).write(into);
        return written(into);
    }

    private static byte[] written(ByteBuffer into) {
        byte[] bytes = new byte[into.position()];
        into.flip().get(bytes);
        return bytes;
    }

    private void send(Path path, byte[] datagram) {
        outgoing.add(new Outgoing(path, datagram));
    }

    @Override
    public void handleTimeout(long nowNanos) {}

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        Outgoing next = outgoing.poll();
        if (next == null) {
            return null;
        }
        into.put(next.datagram);
        return new Transmit(next.path, next.datagram.length);
    }

    @Override
    public @Nullable String pollEvent() {
        return null;
    }

    @Override
    public long nextTimeoutNanos() {
        return TimerTable.NEVER;
    }
}
