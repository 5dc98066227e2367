package dev.nearhand.transport.turn.server;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunAttribute.RequestedAddressFamily;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.turn.ChannelData;
import dev.nearhand.transport.turn.Counters;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A STUN and TURN server (RFC 8489, RFC 8656), from the messages of clients and peers to the answers and datagrams
/// that follow. Opens no socket: it asks for relay addresses by events and is told what came of it.
///
/// Datagrams come in by [#handleDatagram], those of peers too: what they were sent to tells them apart. Messages of TCP
/// and TLS connections come in by [#handleMessage], whole, and go out by [#pollMessage]. docs/rfc/turn.md says what is
/// left out.
public final class TurnServerCore implements ProtocolCore<TurnServerEvent> {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final TurnServerConfig config;
    private final Counters counters = new Counters();
    private final Outbox outbox = new Outbox(counters);
    /// One or two for each call, taken after it.
    private final Deque<TurnServerEvent> events = new ArrayDeque<>();

    private final Answers answers;
    private final Allocations allocations;
    private final Allocating allocating;
    private final Relaying relaying;
    private final RateLimiter limiter;
    private final Nonces nonces;
    private final Authenticator authenticator;
    /// As many as [Quotas#streams] says.
    private final Map<Integer, Client.Stream> streams = new HashMap<>();

    /// @param wallClock for credentials that end
    /// @param random for nonces, ports and tokens; cryptographic in production
    public TurnServerCore(TurnServerConfig config, InstantSource wallClock, RandomGenerator random) {
        this.config = config;
        this.answers = new Answers(outbox, counters, config.software(), config.realm());
        this.allocations = new Allocations(config.quotas());
        this.allocating = new Allocating(config, random, allocations, answers, events);
        this.relaying = new Relaying(config, allocations, answers, outbox, counters, random);
        this.limiter = new RateLimiter(config.rates());
        this.nonces = new Nonces(random, config.nonceLifetime().toNanos());
        this.authenticator = new Authenticator(config.realm(), config.users(), nonces, wallClock);
    }

    // --- what the owner tells

    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
        if (allocations.at(path.local()) != null) {
            relaying.fromPeer(nowNanos, path, borrowed);
        } else {
            handle(nowNanos, borrowed, new Client.Datagrams(path));
        }
    }

    /// A client has connected.
    ///
    /// @param stream a number that no other connection has
    /// @return false when there are too many: close it
    public boolean streamOpened(int stream, InetSocketAddress client) {
        if (streams.size() >= config.quotas().streams()) {
            counters.count("dropped.streams");
            return false;
        }
        streams.put(stream, new Client.Stream(stream, client));
        return true;
    }

    /// A whole message has come.
    public void handleMessage(long nowNanos, int stream, ByteBuffer borrowed) {
        Client.Stream client = streams.get(stream);
        if (client != null) {
            handle(nowNanos, borrowed, client);
        }
    }

    /// The connection has ended, and what the client had with it.
    public void streamClosed(int stream) {
        Client.Stream client = streams.remove(stream);
        if (client != null) {
            allocating.forget(client);
            Allocation allocation = allocations.of(client);
            if (allocation != null) {
                end(allocation, "ended.connection");
            }
        }
    }

    /// A relay address is bound.
    public void relayOpened(long nowNanos, InetSocketAddress relay) {
        allocating.opened(nowNanos, relay);
    }

    /// A relay address cannot be bound.
    public void relayRefused(InetSocketAddress relay) {
        counters.count("relays.refused");
        allocating.refused(relay);
    }

    /// Whether a connection is of use: one without is closed when it is silent for long.
    public boolean hasAllocation(int stream) {
        Client.Stream client = streams.get(stream);
        return client != null && allocations.of(client) != null;
    }

    /// A message for a connection was dropped, because its client does not take them fast enough.
    public void countSlowClient() {
        counters.count("dropped.slowClient");
    }

    /// Makes all nonces stale that were given.
    public void renewNonces() {
        nonces.renew();
    }

    // --- what the owner asks

    public TurnServerStats stats() {
        return new TurnServerStats(allocations.size(), streams.size(), counters.snapshot());
    }

    // --- messages

    private void handle(long nowNanos, ByteBuffer borrowed, Client client) {
        if (ChannelData.isLikely(borrowed)) {
            relaying.channelData(nowNanos, live(nowNanos, client), borrowed);
            return;
        }
        switch (StunMessage.parse(borrowed)) {
            case StunParse.Refused refused -> {
                counters.count("refused." + refused.reason().counter());
                if (client instanceof Client.Stream stream) {
                    // what is no STUN comes from no client, and one that waits for an answer may as well know
                    events.add(new TurnServerEvent.CloseStream(stream.number()));
                }
            }
            case StunParse.Received received -> {
                switch (received.message().messageClass()) {
                    case REQUEST -> onRequest(nowNanos, received, client);
                    case INDICATION -> onIndication(nowNanos, received.message(), client);
                    case SUCCESS_RESPONSE, ERROR_RESPONSE -> counters.count("dropped.response");
                }
            }
        }
    }

    private @Nullable Allocation live(long nowNanos, Client client) {
        Allocation allocation = allocations.of(client);
        return allocation == null || allocation.endsNanos() <= nowNanos ? null : allocation;
    }

    private void onIndication(long nowNanos, StunMessage message, Client client) {
        Allocation allocation = live(nowNanos, client);
        if (message.method() == StunMessage.BINDING) {
            counters.count("keepalives");
        } else if (message.method() != StunMessage.SEND
                || allocation == null
                || !unknown(message).isEmpty()) {
            counters.count("dropped.indication");
        } else {
            relaying.send(nowNanos, allocation, message);
        }
    }

    private void onRequest(long nowNanos, StunParse.Received received, Client client) {
        StunMessage request = received.message();
        if (request.method() == StunMessage.BINDING) {
            onBinding(nowNanos, request, client);
            return;
        }
        Allocation allocation = live(nowNanos, client);
        switch (authenticator.check(nowNanos, received, client, allocation)) {
            case Authenticator.Verdict.Refused refused -> {
                if (!admits(nowNanos, client)) {
                    return;
                }
                if (refused.code() == ErrorCode.BAD_REQUEST) {
                    answers.error(client, request, null, refused.code());
                } else {
                    answers.demand(client, request, refused.code(), nonces.issue(nowNanos, client.address()));
                }
            }
            case Authenticator.Verdict.Proved proved -> onProved(nowNanos, request, client, proved.login(), allocation);
        }
    }

    private void onBinding(long nowNanos, StunMessage request, Client client) {
        if (!admits(nowNanos, client)) {
            return;
        }
        counters.count("bindings");
        List<Integer> unknown = unknown(request);
        if (unknown.isEmpty()) {
            answers.success(client, request, null, List.of(new StunAttribute.XorMappedAddress(client.address())));
        } else {
            answers.error(
                    client, request, null, ErrorCode.UNKNOWN_ATTRIBUTE, new StunAttribute.UnknownAttributes(unknown));
        }
    }

    private boolean admits(long nowNanos, Client client) {
        boolean admitted = limiter.admits(nowNanos, client.address().getAddress());
        if (!admitted) {
            counters.count("dropped.rateLimit");
        }
        return admitted;
    }

    private static List<Integer> unknown(StunMessage message) {
        return message.attributes().stream()
                .filter(StunAttribute.Unknown.class::isInstance)
                .map(StunAttribute::type)
                .filter(StunAttribute::isComprehensionRequired)
                .distinct()
                .toList();
    }

    private void onProved(
            long nowNanos, StunMessage request, Client client, Login login, @Nullable Allocation allocation) {
        counters.count("requests." + request.method());
        List<Integer> unknown = unknown(request);
        if (!unknown.isEmpty()) {
            answers.error(
                    client,
                    request,
                    login.key(),
                    ErrorCode.UNKNOWN_ATTRIBUTE,
                    new StunAttribute.UnknownAttributes(unknown));
        } else if (request.method() == StunMessage.ALLOCATE) {
            allocating.handle(client, login, request, allocation);
        } else if (allocation == null) {
            answers.error(client, request, login.key(), ErrorCode.ALLOCATION_MISMATCH);
        } else if (!allocation.login.username().equals(login.username())) {
            answers.error(client, request, login.key(), ErrorCode.WRONG_CREDENTIALS);
        } else {
            switch (request.method()) {
                case StunMessage.REFRESH -> refresh(nowNanos, allocation, request);
                case StunMessage.CREATE_PERMISSION -> relaying.createPermission(nowNanos, allocation, request);
                case StunMessage.CHANNEL_BIND -> relaying.channelBind(nowNanos, allocation, request);
                default -> answers.error(client, request, login.key(), ErrorCode.BAD_REQUEST);
            }
        }
    }

    private void refresh(long nowNanos, Allocation allocation, StunMessage request) {
        RequestedAddressFamily family = request.find(RequestedAddressFamily.class);
        if (family != null && !Families.isOf(allocation.relay.getAddress(), family.family())) {
            answers.error(allocation.client, request, allocation.key(), ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH);
            return;
        }
        StunAttribute.Lifetime asked = request.find(StunAttribute.Lifetime.class);
        boolean deletes = asked != null && asked.seconds() == 0;
        long seconds = deletes ? 0 : allocating.lifetime(request);
        answers.success(allocation.client, request, allocation.key(), List.of(new StunAttribute.Lifetime(seconds)));
        if (deletes) {
            end(allocation, "ended.deleted");
        } else {
            allocations.prolong(allocation, nowNanos + seconds * SECOND_NANOS);
        }
    }

    private void end(Allocation allocation, String how) {
        counters.count(how);
        allocations.remove(allocation);
        events.add(new TurnServerEvent.CloseRelay(allocation.relay));
    }

    // --- time and output

    @Override
    public void handleTimeout(long nowNanos) {
        for (Allocation over = allocations.firstOver(nowNanos); over != null; over = allocations.firstOver(nowNanos)) {
            end(over, "ended.expired");
        }
        allocating.handleTimeout(nowNanos);
    }

    @Override
    public long nextTimeoutNanos() {
        return Math.min(allocations.nextTimeoutNanos(), allocating.nextTimeoutNanos());
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        return outbox.pollDatagram(into);
    }

    /// Writes the next message for a connection into `into` from its position on, or answers null.
    public @Nullable StreamTransmit pollMessage(ByteBuffer into) {
        return outbox.pollMessage(into);
    }

    @Override
    public @Nullable TurnServerEvent pollEvent() {
        return events.poll();
    }
}
