package dev.nearhand.transport.sim;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.stun.StunSeal;
import dev.nearhand.transport.turn.server.AddressRange;
import dev.nearhand.transport.turn.server.PeerPolicy;
import dev.nearhand.transport.turn.server.PortRange;
import dev.nearhand.transport.turn.server.Quotas;
import dev.nearhand.transport.turn.server.RateLimits;
import dev.nearhand.transport.turn.server.RelayAddress;
import dev.nearhand.transport.turn.server.TurnServerConfig;
import dev.nearhand.transport.turn.server.TurnServerCore;
import dev.nearhand.transport.turn.server.TurnServerEvent;
import dev.nearhand.transport.turn.server.UserDirectory;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The STUN and TURN server of the simulated world: our own, [TurnServerCore], with some moods that other servers have.
/// Answers from [#PORT]; relays on the [#RELAY_PORTS]. What is set here counts from the first datagram on.
public final class SimTurnServer implements ProtocolCore<TurnServerEvent> {
    public static final int PORT = 3_478;
    public static final PortRange RELAY_PORTS = new PortRange(50_000, 50_063);
    public static final String REALM = "sim";
    public static final String USERNAME = "user";
    public static final String PASSWORD = "password";

    private static final AddressRange ALL_IPV4 = AddressRange.parse("0.0.0.0/0");
    private static final AddressRange ALL_IPV6 = AddressRange.parse("::/0");
    private static final int PLENTY = 1_000_000;

    private record Outgoing(Path path, byte[] datagram) {}

    private final List<RelayAddress> relays;
    private final RandomGenerator random;
    private final StunKey key = StunKey.longTerm(USERNAME, REALM, PASSWORD);
    private final Deque<Outgoing> refusals = new ArrayDeque<>();
    private @Nullable TurnServerCore core;
    private long requests;

    /// How many requests one nonce is good for.
    public int usesPerNonce = Integer.MAX_VALUE;
    /// What it grants at most.
    public long lifetimeSeconds = 600;
    /// Whom it does not relay to.
    public @Nullable InetAddress deniedPeer;
    /// Where it sends its clients instead of serving them.
    public @Nullable InetSocketAddress alternate;
    /// Refuses every Allocate with this error, after the credentials, unless it is 0.
    public int refusesWith;

    private SimTurnServer(List<InetAddress> addresses, RandomGenerator random) {
        this.relays = addresses.stream().map(RelayAddress::of).toList();
        this.random = random;
    }

    /// Starts one on a host.
    public static SimTurnServer start(SimWorld world, SimHost host) {
        SimTurnServer server = new SimTurnServer(host.addresses(), world.random());
        SimNode<TurnServerEvent> node = host.start(PORT, server, _ -> {});
        for (int port = RELAY_PORTS.first(); port <= RELAY_PORTS.last(); port++) {
            host.also(port, node);
        }
        return server;
    }

    private TurnServerCore core() {
        if (core == null) {
            InetAddress denied = deniedPeer;
            PeerPolicy peers = denied == null
                    ? new PeerPolicy(List.of(ALL_IPV4, ALL_IPV6), List.of())
                    : new PeerPolicy(List.of(), List.of(AddressRange.parse(denied.getHostAddress())));
            UserDirectory users = UserDirectory.fixed(Map.of(USERNAME, PASSWORD));
            TurnServerConfig config = TurnServerConfig.of(REALM, users, relays)
                    .withRelayPorts(RELAY_PORTS)
                    .withPeers(peers)
                    .withQuotas(new Quotas(PLENTY, PLENTY, PLENTY, 0, 0))
                    .withRates(new RateLimits(PLENTY, PLENTY, PLENTY))
                    .withLifetimes(Duration.ofDays(10), Duration.ofSeconds(lifetimeSeconds));
            core = new TurnServerCore(config, () -> Instant.EPOCH, random);
        }
        return core;
    }

    public int allocations() {
        return core().stats().allocations();
    }

    public int count(String what) {
        return (int) core().stats().counter(what);
    }

    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
        if (path.local().getPort() == PORT && refuses(borrowed, path)) {
            return;
        }
        core().handleDatagram(nowNanos, borrowed, path);
        long authentic = core().stats().counters().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("requests."))
                .mapToLong(Map.Entry::getValue)
                .sum();
        if (authentic - requests >= usesPerNonce) {
            requests = authentic;
            core().renewNonces();
        }
    }

    /// In one of its moods it answers an Allocate in the core's stead.
    private boolean refuses(ByteBuffer datagram, Path path) {
        InetSocketAddress other = alternate;
        if (refusesWith == 0 && other == null
                || !(StunMessage.parse(datagram) instanceof StunParse.Received received)
                || received.message().messageClass() != StunClass.REQUEST
                || received.message().method() != StunMessage.ALLOCATE
                || received.seal().verify(key) != StunSeal.Verdict.VALID) {
            return false;
        }
        List<StunAttribute> attributes = refusesWith != 0 || other == null
                ? List.of(new ErrorCode(refusesWith, ""))
                : List.of(new ErrorCode(ErrorCode.TRY_ALTERNATE, ""), new StunAttribute.AlternateServer(other));
        ByteBuffer answer = ByteBuffer.allocate(1_024);
        new StunMessage(
                        StunClass.ERROR_RESPONSE,
                        StunMessage.ALLOCATE,
                        received.message().transactionId(),
                        attributes)
                .write(answer, key);
        byte[] bytes = new byte[answer.position()];
        answer.get(0, bytes);
        refusals.add(new Outgoing(path, bytes));
        return true;
    }

    @Override
    public void handleTimeout(long nowNanos) {
        core().handleTimeout(nowNanos);
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        for (TurnServerEvent event = core().pollEvent(); event != null; event = core().pollEvent()) {
            if (event instanceof TurnServerEvent.OpenRelay wanted) {
                core().relayOpened(nowNanos, wanted.address()); // all of them are open
            }
        }
        Outgoing refusal = refusals.poll();
        if (refusal != null) {
            into.put(refusal.datagram);
            return new Transmit(refusal.path, refusal.datagram.length);
        }
        return core().pollTransmit(nowNanos, into);
    }

    @Override
    public @Nullable TurnServerEvent pollEvent() {
        return null;
    }

    @Override
    public long nextTimeoutNanos() {
        return core().nextTimeoutNanos();
    }
}
