package dev.nearhand.transport.turn.server;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunAttribute.RequestedAddressFamily;
import dev.nearhand.transport.stun.StunMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Allocate requests ([RFC 8656 section 7.2](https://www.rfc-editor.org/rfc/rfc8656#section-7.2)), from the checks to
/// the answer, which waits until the relayed address is bound.
final class Allocating {
    /// Ports that are tried for one request.
    private static final int TRIES = 8;

    private static final long SECOND_NANOS = 1_000_000_000L;

    /// A request whose address is being bound.
    private static final class Pending {
        final Client client;
        final Login login;
        final StunMessage request;
        int tries = 1;

        Pending(Client client, Login login, StunMessage request) {
            this.client = client;
            this.login = login;
            this.request = request;
        }
    }

    private final TurnServerConfig config;
    private final RandomGenerator random;
    private final Allocations allocations;
    private final Answers answers;
    private final Deque<TurnServerEvent> events;
    private final Reservations reservations = new Reservations();
    /// As many as there may be allocations.
    private final Map<InetSocketAddress, Pending> pending = new HashMap<>();

    private final Set<Client> waiting = new HashSet<>();

    Allocating(
            TurnServerConfig config,
            RandomGenerator random,
            Allocations allocations,
            Answers answers,
            Deque<TurnServerEvent> events) {
        this.config = config;
        this.random = random;
        this.allocations = allocations;
        this.answers = answers;
        this.events = events;
    }

    void handle(Client client, Login login, StunMessage request, @Nullable Allocation existing) {
        if (waiting.contains(client)) {
            return; // the same request once more, or one that is answered when it comes again
        }
        if (existing != null) {
            if (existing.madeBy.equals(request.transactionId())) {
                answers.success(client, request, existing.key(), existing.answer());
            } else {
                answers.error(client, request, login.key(), ErrorCode.ALLOCATION_MISMATCH);
            }
            return;
        }
        int refusal = refusal(client, login, request);
        InetSocketAddress relay = refusal == 0 ? choose(request) : null;
        if (relay == null) {
            answers.error(client, request, login.key(), refusal == 0 ? ErrorCode.INSUFFICIENT_CAPACITY : refusal);
            return;
        }
        pending.put(relay, new Pending(client, login, request));
        waiting.add(client);
        events.add(openRelay(relay, request));
    }

    private static TurnServerEvent openRelay(InetSocketAddress relay, StunMessage request) {
        return new TurnServerEvent.OpenRelay(relay, request.has(StunAttribute.DontFragment.class));
    }

    /// The error that a request deserves, in the order of the section, or 0.
    private int refusal(Client client, Login login, StunMessage request) {
        StunAttribute.RequestedTransport transport = request.find(StunAttribute.RequestedTransport.class);
        if (transport == null) {
            return ErrorCode.BAD_REQUEST;
        }
        if (transport.protocol() != StunAttribute.RequestedTransport.UDP) {
            return ErrorCode.UNSUPPORTED_TRANSPORT;
        }
        boolean token = request.has(StunAttribute.ReservationToken.class);
        boolean even = request.has(StunAttribute.EvenPort.class);
        RequestedAddressFamily requested = request.find(RequestedAddressFamily.class);
        StunAttribute.AdditionalAddressFamily additional = request.find(StunAttribute.AdditionalAddressFamily.class);
        boolean contradicts = token && (even || requested != null || additional != null)
                || additional != null && (requested != null || additional.family() != RequestedAddressFamily.IPV6)
                || additional != null && even && reservesNext(request);
        if (contradicts) {
            return ErrorCode.BAD_REQUEST;
        }
        if (!token && config.relayOf(familyOf(request)) == null) {
            return ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED;
        }
        if (!allocations.hasRoomFor(client, login.account())) {
            return ErrorCode.ALLOCATION_QUOTA_REACHED;
        }
        boolean room = allocations.hasRoom() && pending.size() < config.quotas().allocations() - allocations.size();
        return room ? 0 : ErrorCode.INSUFFICIENT_CAPACITY;
    }

    private static int familyOf(StunMessage request) {
        RequestedAddressFamily requested = request.find(RequestedAddressFamily.class);
        return requested == null ? RequestedAddressFamily.IPV4 : requested.family();
    }

    private static boolean reservesNext(StunMessage request) {
        StunAttribute.EvenPort even = request.find(StunAttribute.EvenPort.class);
        return even != null && even.reserveNext();
    }

    /// An address to bind, or null when there is none.
    private @Nullable InetSocketAddress choose(StunMessage request) {
        StunAttribute.ReservationToken token = request.find(StunAttribute.ReservationToken.class);
        if (token != null) {
            return reservations.redeem(token.token());
        }
        RelayAddress relay = config.relayOf(familyOf(request));
        if (relay == null || reservesNext(request) && !reservations.hasRoom()) {
            return null;
        }
        int size = config.relayPorts().size();
        int from = random.nextInt(size); // "SHOULD be … difficult to guess"
        for (int i = 0; i < size; i++) {
            int port = config.relayPorts().first() + (from + i) % size;
            if (fits(request, relay.bind(), port)) {
                return new InetSocketAddress(relay.bind(), port);
            }
        }
        return null;
    }

    private boolean fits(StunMessage request, InetAddress address, int port) {
        boolean even = request.has(StunAttribute.EvenPort.class);
        if (even && port % 2 != 0 || !isFree(new InetSocketAddress(address, port))) {
            return false;
        }
        return !reservesNext(request)
                || port < config.relayPorts().last() && isFree(new InetSocketAddress(address, port + 1));
    }

    private boolean isFree(InetSocketAddress relay) {
        return allocations.at(relay) == null && !pending.containsKey(relay) && !reservations.keeps(relay);
    }

    // --- what became of it

    void opened(long nowNanos, InetSocketAddress relay) {
        Pending done = pending.remove(relay);
        if (done == null) {
            events.add(new TurnServerEvent.CloseRelay(relay)); // whoever wanted it has gone
            return;
        }
        waiting.remove(done.client);
        long seconds = lifetime(done.request);
        List<StunAttribute> told = new ArrayList<>();
        told.add(new StunAttribute.XorRelayedAddress(config.advertised(relay)));
        told.add(new StunAttribute.XorMappedAddress(done.client.address()));
        told.add(new StunAttribute.Lifetime(seconds));
        if (reservesNext(done.request)) {
            long token = random.nextLong();
            reservations.keep(nowNanos, token, new InetSocketAddress(relay.getAddress(), relay.getPort() + 1));
            told.add(new StunAttribute.ReservationToken(token));
        }
        if (done.request.has(StunAttribute.AdditionalAddressFamily.class)) {
            told.add(new StunAttribute.AddressErrorCode(
                    RequestedAddressFamily.IPV6,
                    ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED,
                    "one family for each allocation"));
        }
        long perSecond = config.quotas().bytesPerSecond();
        Allocation made = new Allocation(
                done.client,
                done.login,
                done.request.transactionId(),
                relay,
                told,
                done.request.has(StunAttribute.DontFragment.class),
                perSecond == 0 ? null : new TokenBucket(nowNanos, perSecond, perSecond));
        allocations.add(made, nowNanos + seconds * SECOND_NANOS);
        answers.success(done.client, done.request, done.login.key(), told);
    }

    void refused(InetSocketAddress relay) {
        Pending failed = pending.remove(relay);
        if (failed == null) {
            return;
        }
        InetSocketAddress next = failed.tries++ < TRIES ? choose(failed.request) : null;
        if (next != null) {
            pending.put(next, failed);
            events.add(openRelay(next, failed.request));
        } else {
            waiting.remove(failed.client);
            answers.error(failed.client, failed.request, failed.login.key(), ErrorCode.INSUFFICIENT_CAPACITY);
        }
    }

    /// The client has gone; what it waited for is closed when it comes.
    void forget(Client client) {
        if (waiting.remove(client)) {
            pending.values().removeIf(each -> each.client.equals(client));
        }
    }

    /// What a client gets that asks for so much.
    long lifetime(StunMessage request) {
        StunAttribute.Lifetime asked = request.find(StunAttribute.Lifetime.class);
        long wanted = asked == null
                ? TurnServerConfig.DEFAULT_LIFETIME_SECONDS
                : Math.max(asked.seconds(), TurnServerConfig.DEFAULT_LIFETIME_SECONDS);
        return Math.min(wanted, config.maxLifetime().toSeconds());
    }

    void handleTimeout(long nowNanos) {
        reservations.handleTimeout(nowNanos);
    }

    long nextTimeoutNanos() {
        return reservations.nextTimeoutNanos();
    }
}
