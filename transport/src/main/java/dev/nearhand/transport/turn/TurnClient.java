package dev.nearhand.transport.turn;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One allocation on a TURN server (RFC 8656), from asking for it to deleting it.
///
/// Its owner sends to a peer by having the datagram wrapped ([#wrap]) and gives it all that comes from the server
/// ([#receive]). It asks for permissions as peers are written to, binds channels when told to, and renews allocation,
/// permissions and channels before they end, whatever the server does to its nonces. It opens no connection: over UDP
/// and over a stream it only sees whole messages. docs/rfc/turn.md says what is left out.
public final class TurnClient implements ProtocolCore<TurnEvent> {
    private enum Timer {
        REFRESH,
        /// The allocation ends on the server unless it was refreshed.
        EXPIRY,
        DELETION
    }

    /// Events that wait to be polled; when full the oldest goes.
    static final int EVENTS_LIMIT = 64;
    /// How often in a row one server may send this client to another.
    static final int ALTERNATES_LIMIT = 3;
    /// How often in a row the nonce of one request may be too old.
    static final int STALE_NONCES_LIMIT = 8;

    /// What wrapping may add to a datagram, as a Send indication to an IPv6 peer.
    public static final int OVERHEAD_BYTES = 52;

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long REFRESH_RETRY_NANOS = 5 * SECOND_NANOS;
    private static final long MAX_LIFETIME_SECONDS = 3_600;

    private final InetSocketAddress base;
    private final boolean stream;
    private final RandomGenerator random;
    private final TurnConfig config;
    private final Counters counters = new Counters();
    private final Requests requests;
    private final PeerTraffic traffic;
    private final TimerTable<Timer> timers = new TimerTable<>(Timer.class);
    private final Deque<TurnEvent> events = new ArrayDeque<>();
    private final Set<InetSocketAddress> triedServers = new HashSet<>();

    private TurnState state = TurnState.NEW;
    private TurnServer server;
    private Credentials credentials;
    private Path path;
    private boolean hasClearedMismatch;
    private long lastSentNanos;
    private long latestNanos;

    /// @param base the local address that the server is asked from
    /// @param stream whether messages travel over TCP or TLS
    /// @param random for transaction ids; cryptographic in production
    public TurnClient(
            InetSocketAddress base, TurnServer server, boolean stream, RandomGenerator random, TurnConfig config) {
        this.base = base;
        this.server = server;
        this.stream = stream;
        this.random = random;
        this.config = config;
        this.requests = new Requests(random, config.rtoNanos(), stream);
        this.traffic = new PeerTraffic(requests, counters, stream, random);
        this.credentials = new Credentials(server.username(), server.password());
        this.path = new Path(base, server.address());
    }

    // --- what the owner tells

    /// Asks the server for an address of the family that the server itself has.
    public void allocate(long nowNanos) {
        if (state == TurnState.NEW) {
            latestNanos = nowNanos;
            setState(TurnState.ALLOCATING);
            askForAllocation();
        }
    }

    private void askForAllocation() {
        triedServers.add(server.address());
        boolean ipv6 = server.address().getAddress() instanceof Inet6Address;
        requests.add(new Request.Allocate(config.lifetimeSeconds(), ipv6));
    }

    /// Lets a peer's datagrams through, when they are not yet; the owner expects some.
    public void permit(long nowNanos, InetAddress peer) {
        latestNanos = nowNanos;
        traffic.permit(nowNanos, peer);
    }

    /// Gives a peer a channel: what is written to it is then 32 bytes shorter.
    public void bindChannel(long nowNanos, InetSocketAddress peer) {
        latestNanos = nowNanos;
        traffic.bindChannel(nowNanos, peer);
    }

    /// Wraps the datagram that lies between `start` and the position of `into`, for the server to pass on to `peer`; it
    /// goes out along [#path]. What cannot be sent yet is kept and comes out of [#pollTransmit].
    ///
    /// @param into with room for [#OVERHEAD_BYTES] more
    /// @return how long it is now, or 0 when there is nothing to send
    public int wrap(long nowNanos, InetSocketAddress peer, ByteBuffer into, int start) {
        latestNanos = nowNanos;
        int length = traffic.wrap(nowNanos, peer, into, start);
        if (length > 0) {
            lastSentNanos = nowNanos;
        }
        return length;
    }

    /// Has the server forget the allocation. The client is [TurnState#ENDED] when it has, or does not answer in time.
    public void close(long nowNanos) {
        latestNanos = nowNanos;
        boolean mayExist = state == TurnState.ALLOCATED || state == TurnState.ALLOCATING && credentials.key() != null;
        if (mayExist) {
            setState(TurnState.DELETING);
            forgetAll();
            timers.set(Timer.DELETION, nowNanos + config.deletionNanos());
            requests.add(new Request.Refresh(0));
        } else if (state != TurnState.DELETING) {
            end("closed by this side");
        }
    }

    /// The connection to the server has ended, and the allocation with it.
    public void onConnectionLost(long nowNanos) {
        latestNanos = nowNanos;
        end("the connection to the relay server has ended");
    }

    // --- what the owner asks

    public TurnState state() {
        return state;
    }

    /// The way to the server; another one after it has sent this client to an alternate server.
    public Path path() {
        return path;
    }

    /// The address that peers send to, or null while there is none.
    public @Nullable InetSocketAddress relayed() {
        return traffic.relayed();
    }

    public SortedMap<String, Long> counters() {
        return counters.snapshot();
    }

    // --- messages in

    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path from) {
        Relayed inner = receive(nowNanos, borrowed, from);
        if (inner != null) {
            ByteBuffer copy = ByteBuffer.allocate(inner.data().remaining()).put(inner.data());
            emit(new TurnEvent.Received(inner.peer(), copy.flip()));
        }
    }

    /// Takes a message of the server; when it holds a peer's datagram, that.
    ///
    /// @param borrowed valid until the answer has been looked at
    public @Nullable Relayed receive(long nowNanos, ByteBuffer borrowed, Path from) {
        latestNanos = nowNanos;
        if (!from.equals(path) || state == TurnState.ENDED) {
            counters.count("dropped.otherPath");
            return null;
        }
        if (ChannelData.isLikely(borrowed)) {
            return traffic.fromChannel(borrowed);
        }
        Relayed inner = null;
        switch (StunMessage.parse(borrowed)) {
            case StunParse.Refused(StunParse.Refusal reason) -> counters.count("dropped." + reason.counter());
            case StunParse.Received received -> {
                switch (received.message().messageClass()) {
                    case REQUEST -> counters.count("dropped.request");
                    case INDICATION -> inner = traffic.fromIndication(received.message());
                    case SUCCESS_RESPONSE, ERROR_RESPONSE -> onResponse(nowNanos, received);
                }
            }
        }
        assert isConsistent();
        return inner;
    }

    private void onResponse(long nowNanos, StunParse.Received received) {
        StunMessage response = received.message();
        Transaction transaction = requests.find(response.transactionId());
        if (transaction == null || transaction.request.method() != response.method()) {
            counters.count("dropped.unknownTransaction");
            return;
        }
        boolean isSuccess = response.messageClass() == StunClass.SUCCESS_RESPONSE;
        ErrorCode error = response.find(ErrorCode.class);
        if (!isTrusted(received, transaction, error) || !isSuccess && error == null) {
            counters.count("dropped.badIntegrity"); // "MUST be discarded, as if it was never received"
            return;
        }
        requests.remove(transaction);
        if (error != null && !isSuccess) {
            onError(nowNanos, transaction, response, error.code());
        } else {
            requests.answered();
            onSuccess(nowNanos, transaction.request, response);
        }
    }

    /// A server that demands credentials signs its answers; the errors that say which are demanded it cannot sign.
    private boolean isTrusted(StunParse.Received response, Transaction transaction, @Nullable ErrorCode error) {
        StunKey key = credentials.key();
        if (!transaction.signed || key == null) {
            return true;
        }
        return switch (response.seal().verify(key)) {
            case VALID -> true;
            case ABSENT -> error != null;
            case WRONG ->
                error != null && (error.code() == ErrorCode.UNAUTHENTICATED || error.code() == ErrorCode.STALE_NONCE);
        };
    }

    private void onSuccess(long nowNanos, Request request, StunMessage response) {
        switch (request) {
            case Request.Allocate _ -> onAllocated(nowNanos, response);
            case Request.Refresh refresh when refresh.isDeletion() -> onDeleted();
            case Request.Refresh _ -> startLifetime(nowNanos, response);
            case Request.CreatePermission permission -> traffic.onGranted(nowNanos, permission);
            case Request.ChannelBind bind -> traffic.onBound(nowNanos, bind);
        }
    }

    private void onAllocated(long nowNanos, StunMessage response) {
        StunAttribute.XorRelayedAddress address = response.find(StunAttribute.XorRelayedAddress.class);
        StunAttribute.XorMappedAddress mapped = response.find(StunAttribute.XorMappedAddress.class);
        if (state != TurnState.ALLOCATING) {
            return;
        }
        if (address == null || mapped == null || isUnusable(address.address())) {
            end("the relay server's answer does not say where it relays");
            return;
        }
        traffic.begin(address.address());
        setState(TurnState.ALLOCATED);
        lastSentNanos = nowNanos;
        startLifetime(nowNanos, response);
        emit(new TurnEvent.Allocated(address.address(), mapped.address()));
    }

    private static boolean isUnusable(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return address.getPort() == 0 || ip.isAnyLocalAddress() || ip.isMulticastAddress();
    }

    private void startLifetime(long nowNanos, StunMessage response) {
        StunAttribute.Lifetime told = response.find(StunAttribute.Lifetime.class);
        long seconds = told == null ? config.lifetimeSeconds() : Math.clamp(told.seconds(), 2, MAX_LIFETIME_SECONDS);
        timers.set(Timer.EXPIRY, nowNanos + seconds * SECOND_NANOS);
        // "it SHOULD do this at least one minute before" the end, which the shortest lifetimes do not allow
        timers.set(Timer.REFRESH, nowNanos + Math.max(seconds / 2, seconds - 60) * SECOND_NANOS);
    }

    private void onError(long nowNanos, Transaction transaction, StunMessage response, int code) {
        counters.count("errors.received");
        Request request = transaction.request;
        boolean demandsNew = code == ErrorCode.STALE_NONCE || code == ErrorCode.UNAUTHENTICATED && !transaction.signed;
        if (demandsNew && transaction.staleNonces < STALE_NONCES_LIMIT && credentials.learn(response)) {
            counters.count(code == ErrorCode.STALE_NONCE ? "nonces.stale" : "credentials.demanded");
            requests.again(request, code == ErrorCode.STALE_NONCE ? transaction.staleNonces + 1 : 0);
            return;
        }
        requests.answered();
        switch (request) {
            case Request.Allocate _ -> onAllocateRefused(response, code);
            case Request.Refresh refresh when refresh.isDeletion() -> onDeleted();
            case Request.Refresh _ when code == ErrorCode.ALLOCATION_MISMATCH -> lost();
            case Request.Refresh _ -> timers.set(Timer.REFRESH, nowNanos + REFRESH_RETRY_NANOS);
            case Request.CreatePermission _ when code == ErrorCode.ALLOCATION_MISMATCH -> lost();
            case Request.CreatePermission permission -> traffic.onDenied(nowNanos, permission);
            case Request.ChannelBind _ when code == ErrorCode.ALLOCATION_MISMATCH -> lost();
            case Request.ChannelBind bind -> traffic.onNotBound(bind);
        }
    }

    private void onAllocateRefused(StunMessage response, int code) {
        if (code == ErrorCode.TRY_ALTERNATE && goToAlternate(response)) {
            return;
        }
        if (code == ErrorCode.ALLOCATION_MISMATCH && !hasClearedMismatch) {
            // our own, whose answer was lost, or that of an earlier owner of this port
            hasClearedMismatch = true;
            requests.add(new Request.Refresh(0));
            return;
        }
        end(TurnRefusal.inWords(code));
    }

    private boolean goToAlternate(StunMessage response) {
        StunAttribute.AlternateServer alternate = response.find(StunAttribute.AlternateServer.class);
        if (stream
                || alternate == null
                || isUnusable(alternate.address())
                || triedServers.size() > ALTERNATES_LIMIT
                || triedServers.contains(alternate.address())
                || !alternate
                        .address()
                        .getAddress()
                        .getClass()
                        .equals(base.getAddress().getClass())) {
            return false;
        }
        counters.count("alternate.followed");
        server = server.at(alternate.address());
        path = new Path(base, alternate.address());
        credentials = new Credentials(server.username(), server.password());
        askForAllocation();
        return true;
    }

    private void onDeleted() {
        if (state == TurnState.ALLOCATING) {
            askForAllocation();
        } else {
            end("closed by this side");
        }
    }

    private void lost() {
        end("the relay server has forgotten this client");
    }

    // --- time

    @Override
    public void handleTimeout(long nowNanos) {
        latestNanos = nowNanos;
        for (Transaction over = requests.pollOver(nowNanos); over != null; over = requests.pollOver(nowNanos)) {
            counters.count("requests.unanswered");
            onNoAnswer(nowNanos, over.request);
        }
        for (Timer due = timers.pollDue(nowNanos); due != null; due = timers.pollDue(nowNanos)) {
            switch (due) {
                case REFRESH -> requests.add(new Request.Refresh(config.lifetimeSeconds()));
                case EXPIRY -> end("the relay server has stopped answering");
                case DELETION -> end("closed by this side");
            }
        }
        traffic.handleTimeout(nowNanos);
        assert isConsistent();
    }

    private void onNoAnswer(long nowNanos, Request request) {
        switch (request) {
            case Request.Allocate _ -> end("the relay server does not answer");
            case Request.Refresh _
            when state == TurnState.ALLOCATED -> timers.set(Timer.REFRESH, nowNanos + REFRESH_RETRY_NANOS);
            case Request.Refresh _ -> end("the relay server does not answer");
            case Request.CreatePermission permission -> traffic.onNoAnswer(permission);
            case Request.ChannelBind bind -> traffic.onNotBound(bind);
        }
    }

    @Override
    public long nextTimeoutNanos() {
        long next = Math.min(timers.nextNanos(), requests.nextTimeoutNanos());
        if (state != TurnState.ALLOCATED) {
            return next;
        }
        next = Math.min(next, lastSentNanos + config.keepaliveNanos());
        return Math.min(next, traffic.nextTimeoutNanos(latestNanos));
    }

    // --- messages out

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        Transaction due = requests.nextDue(nowNanos, credentials.key() != null);
        if (due != null) {
            due.times.sent(nowNanos);
            lastSentNanos = nowNanos;
            counters.count("requests.sent");
            return new Transmit(path, write(due, into));
        }
        int waited = traffic.pollHeld(nowNanos, into);
        if (waited > 0) {
            lastSentNanos = nowNanos;
            return new Transmit(path, waited);
        }
        if (state == TurnState.ALLOCATED && nowNanos - lastSentNanos >= config.keepaliveNanos()) {
            lastSentNanos = nowNanos;
            counters.count("keepalives.sent");
            return new Transmit(
                    path,
                    StunMessage.binding(StunClass.INDICATION, TransactionId.random(random))
                            .write(into));
        }
        return null;
    }

    private int write(Transaction transaction, ByteBuffer into) {
        StunKey key = credentials.key();
        Request request = transaction.request;
        List<StunAttribute> attributes = credentials.addedTo(request.attributes());
        StunMessage message = new StunMessage(StunClass.REQUEST, request.method(), transaction.id, attributes);
        return key == null ? message.writeWithFingerprint(into) : message.write(into, key);
    }

    // --- the rest

    @Override
    public @Nullable TurnEvent pollEvent() {
        return events.poll();
    }

    private void end(String reason) {
        if (state != TurnState.ENDED) {
            setState(TurnState.ENDED);
            forgetAll();
            emit(new TurnEvent.Ended(reason));
        }
    }

    private void forgetAll() {
        requests.clear();
        timers.clearAll();
        traffic.end();
    }

    private void setState(TurnState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(state + " cannot become " + next);
        }
        state = next;
    }

    private void emit(TurnEvent event) {
        if (events.size() == EVENTS_LIMIT) {
            events.removeFirst();
        }
        events.add(event);
    }

    /// Which timers may run in which state, and what holds between them.
    private boolean isConsistent() {
        boolean allocated = state == TurnState.ALLOCATED;
        return timers.isRunning(Timer.EXPIRY) == allocated
                && timers.isRunning(Timer.DELETION) == (state == TurnState.DELETING)
                && (traffic.relayed() != null) == allocated
                && (state != TurnState.ENDED || requests.nextTimeoutNanos() == TimerTable.NEVER);
    }
}
