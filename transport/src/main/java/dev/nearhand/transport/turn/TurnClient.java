package dev.nearhand.transport.turn;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunClass;
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
    /// How often in a row the nonce of one request may be too old.
    static final int STALE_NONCES_LIMIT = 8;

    /// What wrapping may add to a datagram, as a Send indication to an IPv6 peer.
    public static final int OVERHEAD_BYTES = 52;

    private final InetSocketAddress base;
    private final boolean stream;
    private final RandomGenerator random;
    private final TurnConfig config;
    private final Counters counters = new Counters();
    private final Requests requests;
    private final PeerTraffic traffic;
    private final Lifetime lifetime = new Lifetime();
    private final Events events = new Events();
    private final Alternates alternates = new Alternates();

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

    /// Asks the server soon whether it still knows this client: when the way to it may have changed, it knows somebody
    /// else.
    public void verify(long nowNanos) {
        if (state == TurnState.ALLOCATED) {
            lifetime.refreshAt(nowNanos);
        }
    }

    /// Has the server forget the allocation. The client is [TurnState#ENDED] when it has, or does not answer in time.
    public void close(long nowNanos) {
        latestNanos = nowNanos;
        boolean mayExist = state == TurnState.ALLOCATED || state == TurnState.ALLOCATING && credentials.key() != null;
        if (mayExist) {
            setState(TurnState.DELETING);
            forgetAll();
            lifetime.waitForDeletion(nowNanos + config.deletionNanos());
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

    public boolean isStream() {
        return stream;
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
            events.add(new TurnEvent.Received(inner.peer(), copy.flip()));
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
        if (transaction.signed && !credentials.trusts(received, error) || !isSuccess && error == null) {
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

    private void onSuccess(long nowNanos, Request request, StunMessage response) {
        switch (request) {
            case Request.Allocate _ -> onAllocated(nowNanos, response);
            case Request.Refresh refresh when refresh.isDeletion() -> onDeleted();
            case Request.Refresh _ -> lifetime.begin(nowNanos, response, config.lifetimeSeconds());
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
        if (address == null || mapped == null || Alternates.isUnusable(address.address())) {
            end("the relay server's answer does not say where it relays");
            return;
        }
        traffic.begin(address.address());
        setState(TurnState.ALLOCATED);
        lastSentNanos = nowNanos;
        lifetime.begin(nowNanos, response, config.lifetimeSeconds());
        events.add(new TurnEvent.Allocated(address.address(), mapped.address()));
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
            case Request.Refresh _ -> lifetime.refreshLater(nowNanos);
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
        InetSocketAddress other = stream ? null : alternates.next(response, server.address());
        if (other == null) {
            return false;
        }
        counters.count("alternate.followed");
        server = server.at(other);
        path = new Path(base, other);
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
        for (Lifetime.Timer due = lifetime.pollDue(nowNanos); due != null; due = lifetime.pollDue(nowNanos)) {
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
            case Request.Refresh _ when state == TurnState.ALLOCATED -> lifetime.refreshLater(nowNanos);
            case Request.Refresh _ -> end("the relay server does not answer");
            case Request.CreatePermission permission -> traffic.onNoAnswer(permission);
            case Request.ChannelBind bind -> traffic.onNotBound(bind);
        }
    }

    @Override
    public long nextTimeoutNanos() {
        long next = Math.min(lifetime.nextNanos(), requests.nextTimeoutNanos());
        if (state != TurnState.ALLOCATED) {
            return next;
        }
        next = Math.min(next, lastSentNanos + config.keepaliveNanos());
        return Math.min(next, traffic.nextTimeoutNanos(latestNanos));
    }

    // --- out

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        Transaction due = requests.nextDue(nowNanos, credentials.key() != null);
        if (due != null) {
            due.times.sent(nowNanos);
            lastSentNanos = nowNanos;
            counters.count("requests.sent");
            return new Transmit(path, credentials.write(due, into));
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

    @Override
    public @Nullable TurnEvent pollEvent() {
        return events.poll();
    }

    private void end(String reason) {
        if (state != TurnState.ENDED) {
            setState(TurnState.ENDED);
            forgetAll();
            events.add(new TurnEvent.Ended(reason));
        }
    }

    private void forgetAll() {
        requests.clear();
        lifetime.end();
        traffic.end();
    }

    private void setState(TurnState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(state + " cannot become " + next);
        }
        state = next;
    }

    /// Which timers may run in which state, and what holds between them.
    private boolean isConsistent() {
        boolean allocated = state == TurnState.ALLOCATED;
        return lifetime.isRunning(Lifetime.Timer.EXPIRY) == allocated
                && lifetime.isRunning(Lifetime.Timer.DELETION) == (state == TurnState.DELETING)
                && (traffic.relayed() != null) == allocated
                && (state != TurnState.ENDED || requests.nextTimeoutNanos() == TimerTable.NEVER);
    }
}
