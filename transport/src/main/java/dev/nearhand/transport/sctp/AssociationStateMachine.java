package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.AbortChunk;
import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.ChunkReader;
import dev.nearhand.transport.sctp.packet.ChunkType;
import dev.nearhand.transport.sctp.packet.CookieAckChunk;
import dev.nearhand.transport.sctp.packet.CookieEchoChunk;
import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.sctp.packet.ErrorCause;
import dev.nearhand.transport.sctp.packet.ErrorChunk;
import dev.nearhand.transport.sctp.packet.ForwardTsnChunk;
import dev.nearhand.transport.sctp.packet.HeartbeatAckChunk;
import dev.nearhand.transport.sctp.packet.HeartbeatChunk;
import dev.nearhand.transport.sctp.packet.InitAckChunk;
import dev.nearhand.transport.sctp.packet.InitChunk;
import dev.nearhand.transport.sctp.packet.ReconfigChunk;
import dev.nearhand.transport.sctp.packet.SackChunk;
import dev.nearhand.transport.sctp.packet.ShutdownAckChunk;
import dev.nearhand.transport.sctp.packet.ShutdownChunk;
import dev.nearhand.transport.sctp.packet.ShutdownCompleteChunk;
import dev.nearhand.transport.sctp.packet.UnknownChunk;
import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The states of an association and what each chunk does in them
/// ([RFC 9260 sections 4, 5, 8 and 9](https://www.rfc-editor.org/rfc/rfc9260#section-4)).
///
/// Knows no packets: chunks come in, and control chunks are queued. Data goes through [DataSender] and [Receiver].
final class AssociationStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(AssociationStateMachine.class);

    private final SctpConfig config;
    private final Counters counters;
    private final TimerTable<SctpTimer> timers = new TimerTable<>(SctpTimer.class);
    private final EventQueue events = new EventQueue();
    private final ControlQueue control;
    private final RetransmissionTimeout timeout = new RetransmissionTimeout();
    private final PathErrors errors = new PathErrors();
    private final Handshake handshake;
    private final SendQueue queue;
    private final DataSender sender;
    private final StreamReset streamReset;
    private final Heartbeat heartbeat;

    private SctpState state = SctpState.CLOSED;
    private boolean ended;
    private boolean shutdownWanted;
    private int initAttempts;
    private @Nullable PeerTerms peer;
    private @Nullable ByteBuffer peerCookie;
    private @Nullable Receiver receiver;

    AssociationStateMachine(SctpConfig config, RandomGenerator random, RandomGenerator secrets, Counters counters) {
        this.config = config;
        this.counters = counters;
        this.control = new ControlQueue(counters);
        this.handshake = new Handshake(config, secrets);
        this.queue = new SendQueue(config.sendBufferBytes(), events, counters);
        this.sender = new DataSender(config, handshake.initialTsn(), queue, timeout, errors, timers, counters);
        this.streamReset = new StreamReset(queue, control, events, timers, timeout, errors, counters);
        this.heartbeat = new Heartbeat(control, timers, timeout, errors, random);
    }

    SctpState state() {
        return state;
    }

    boolean isEnded() {
        return ended;
    }

    SendQueue queue() {
        return queue;
    }

    ControlQueue control() {
        return control;
    }

    DataSender sender() {
        return sender;
    }

    @Nullable
    Receiver receiver() {
        return receiver;
    }

    int localTag() {
        return handshake.localTag();
    }

    boolean hasPeer() {
        return peer != null && !ended;
    }

    int peerTag() {
        return peer == null ? 0 : peer.tag();
    }

    boolean isPeerTag(int tag) {
        return peer != null && peer.tag() == tag;
    }

    int outboundStreams() {
        return peer == null ? config.maxStreams() : peer.outboundStreams();
    }

    /// Whether messages may be queued: until somebody ends the association.
    boolean acceptsMessages() {
        return !ended
                && !shutdownWanted
                && switch (state) {
                    case CLOSED, COOKIE_WAIT, COOKIE_ECHOED, ESTABLISHED -> true;
                    case SHUTDOWN_PENDING, SHUTDOWN_SENT, SHUTDOWN_RECEIVED, SHUTDOWN_ACK_SENT -> false;
                };
    }

    /// Whether DATA and SACK may be sent.
    boolean carriesData() {
        return switch (state) {
            case ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_SENT, SHUTDOWN_RECEIVED -> true;
            case CLOSED, COOKIE_WAIT, COOKIE_ECHOED, SHUTDOWN_ACK_SENT -> false;
        };
    }

    // ---- what the owner asks for

    void connect(long nowNanos) {
        if (state == SctpState.CLOSED && !ended) {
            setState(SctpState.COOKIE_WAIT, "connecting");
            initAttempts = 0;
            sendInit(nowNanos);
        }
        assert isConsistent();
    }

    void shutdown(long nowNanos) {
        if (ended) {
            return;
        }
        shutdownWanted = true;
        switch (state) {
            case CLOSED -> end(true, "closed before it was connected");
            case ESTABLISHED -> {
                setState(SctpState.SHUTDOWN_PENDING, "shut down here");
                progressShutdown(nowNanos);
            }
            case COOKIE_WAIT, COOKIE_ECHOED, SHUTDOWN_PENDING, SHUTDOWN_SENT, SHUTDOWN_RECEIVED, SHUTDOWN_ACK_SENT -> {}
        }
        assert isConsistent();
    }

    void abort(ErrorCause cause, String reason) {
        if (ended) {
            return;
        }
        int tag = peerTag();
        end(false, reason);
        if (tag != 0) {
            control.addLone(tag, new AbortChunk(false, List.of(cause)));
        }
        assert isConsistent();
    }

    SendResult offer(
            long nowNanos, int streamId, boolean unordered, Reliability reliability, int ppid, ByteBuffer message) {
        if (carriesData()) {
            sender.beginTurn(0);
        }
        return queue.offer(new OutgoingMessage(nowNanos, streamId, ppid, unordered, reliability, message));
    }

    void resetStreams(Collection<Integer> streamIds) {
        if (!ended) {
            streamReset.request(streamIds);
        }
    }

    @Nullable
    SctpEvent pollEvent() {
        SctpEvent event = events.poll();
        if (event instanceof SctpEvent.MessageReceived && receiver != null) {
            receiver.onConsumed();
        }
        return event;
    }

    long nextTimeoutNanos() {
        return timers.nextNanos();
    }

    /// Called before a packet is made.
    void prepareToSend(long nowNanos) {
        if (state == SctpState.ESTABLISHED) {
            streamReset.update(nowNanos, sender);
        }
    }

    // ---- timers

    void handleTimeout(long nowNanos) {
        for (SctpTimer due = timers.pollDue(nowNanos); due != null; due = timers.pollDue(nowNanos)) {
            onTimer(nowNanos, due);
        }
        if (!ended && errors.isExceeded()) {
            abort(ErrorCause.empty(ErrorCause.OUT_OF_RESOURCE), "the peer does not answer any more");
        }
        progressShutdown(nowNanos);
        assert isConsistent();
    }

    private void onTimer(long nowNanos, SctpTimer due) {
        switch (due) {
            case T1_INIT, T1_COOKIE -> retryHandshake(nowNanos);
            case T2_SHUTDOWN -> {
                errors.onTimeout();
                timeout.backOff();
                sendShutdown(nowNanos);
            }
            case T3_RTX -> sender.onTimeout(nowNanos);
            case T5_SHUTDOWN_GUARD ->
                abort(ErrorCause.empty(ErrorCause.USER_INITIATED_ABORT), "the peer does not finish the shutdown");
            case DELAYED_SACK -> {
                if (receiver != null) {
                    receiver.onDelayedSack();
                }
            }
            case HEARTBEAT -> heartbeat.onTimeout(nowNanos, sender.flightBytes() == 0);
            case RECONFIG -> streamReset.onTimeout(nowNanos);
        }
    }

    private void retryHandshake(long nowNanos) {
        initAttempts++;
        if (initAttempts > Handshake.MAX_INIT_RETRANSMITS) {
            abort(ErrorCause.empty(ErrorCause.OUT_OF_RESOURCE), "the peer does not answer the set-up");
            return;
        }
        timeout.backOff();
        if (state == SctpState.COOKIE_WAIT) {
            sendInit(nowNanos);
        } else {
            sendCookieEcho(nowNanos);
        }
    }

    private void sendInit(long nowNanos) {
        control.removeType(ChunkType.INIT);
        control.addLone(0, handshake.init());
        timers.set(SctpTimer.T1_INIT, nowNanos + timeout.nanos());
    }

    private void sendCookieEcho(long nowNanos) {
        if (peerCookie != null) {
            control.removeType(ChunkType.COOKIE_ECHO);
            control.add(new CookieEchoChunk(peerCookie.duplicate()));
        }
        timers.set(SctpTimer.T1_COOKIE, nowNanos + timeout.nanos());
    }

    // ---- chunks

    /// Takes the chunks of a packet whose tag was checked.
    void handlePacket(long nowNanos, int tag, Chunk first, ChunkReader rest) {
        if (ended) {
            handleAfterEnd(tag, first);
            return;
        }
        boolean goOn = true;
        for (Chunk chunk = first; chunk != null && goOn && !ended; chunk = rest.next()) {
            goOn = handleChunk(nowNanos, tag, chunk);
        }
        if (receiver != null && carriesData()) {
            receiver.onPacketEnd(nowNanos);
            streamReset.onCumulativeTsn(receiver);
            String violation = receiver.violation();
            if (violation != null) {
                abort(
                        ErrorCause.withText(ErrorCause.PROTOCOL_VIOLATION, violation),
                        "the peer broke the rules: " + violation);
            }
        }
        progressShutdown(nowNanos);
        assert isConsistent();
    }

    /// "If the packet contains a SHUTDOWN ACK chunk, the receiver SHOULD respond … with a SHUTDOWN COMPLETE" (8.4).
    private void handleAfterEnd(int tag, Chunk first) {
        if (first instanceof ShutdownAckChunk) {
            control.addLone(tag, new ShutdownCompleteChunk(true));
        } else {
            counters.drop(DropReason.UNEXPECTED_CHUNK);
        }
    }

    /// Answers whether the rest of the packet is worth reading.
    private boolean handleChunk(long nowNanos, int tag, Chunk chunk) {
        switch (chunk) {
            case DataChunk data -> onData(data);
            case SackChunk sack -> {
                if (expect(carriesData())) {
                    sender.onSack(nowNanos, sack);
                }
            }
            case ForwardTsnChunk forward -> {
                Receiver to = receiver;
                if (expect(takesData()) && to != null) {
                    to.onForwardTsn(forward);
                }
            }
            case ReconfigChunk reconfig -> {
                Receiver to = receiver;
                if (expect(carriesData()) && to != null) {
                    streamReset.onReconfig(nowNanos, reconfig, to);
                }
            }
            case HeartbeatChunk beat -> {
                if (expect(hasPeer())) {
                    control.add(new HeartbeatAckChunk(copy(beat.info())));
                }
            }
            case HeartbeatAckChunk ack -> heartbeat.onAck(nowNanos, ack);
            case InitChunk init -> {
                onInit(nowNanos, init);
                return false; // "MUST be the only chunk in the packet"
            }
            case InitAckChunk ack -> {
                onInitAck(nowNanos, ack);
                return false;
            }
            case CookieEchoChunk echo -> {
                return onCookieEcho(nowNanos, tag, echo);
            }
            case CookieAckChunk _ -> onCookieAck(nowNanos);
            case AbortChunk abort -> end(false, "aborted by the peer: " + describe(abort.causes()));
            case ErrorChunk error -> onError(nowNanos, error);
            case ShutdownChunk shutdown -> onShutdown(nowNanos, shutdown);
            case ShutdownAckChunk _ -> onShutdownAck(tag);
            case ShutdownCompleteChunk _ -> {
                if (expect(state == SctpState.SHUTDOWN_ACK_SENT)) {
                    end(true, "shut down");
                }
            }
            case UnknownChunk unknown -> {
                return onUnknown(unknown);
            }
        }
        return true;
    }

    private boolean expect(boolean expected) {
        if (!expected) {
            counters.drop(DropReason.UNEXPECTED_CHUNK);
        }
        return expected;
    }

    private boolean takesData() {
        return switch (state) {
            case ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_SENT -> true;
            case CLOSED, COOKIE_WAIT, COOKIE_ECHOED, SHUTDOWN_RECEIVED, SHUTDOWN_ACK_SENT -> false;
        };
    }

    private void onData(DataChunk data) {
        Receiver to = receiver;
        if (!expect(takesData()) || to == null) {
            return;
        }
        if (!data.payload().hasRemaining()) {
            abort(ErrorCause.withNumber(ErrorCause.NO_USER_DATA, data.tsn()), "the peer sent DATA without data");
            return;
        }
        to.onData(data);
        if (state == SctpState.SHUTDOWN_SENT) {
            // "MUST immediately respond to each received packet containing one or more DATA chunks with a SHUTDOWN"
            to.requestSack();
            control.removeType(ChunkType.SHUTDOWN);
            control.add(new ShutdownChunk(to.cumulativeTsn()));
        }
    }

    private void onUnknownReport(UnknownChunk unknown) {
        if (unknown.isReported() && hasPeer()) {
            int length = Math.min(unknown.valueBytes(), config.maxPacketBytes() / 2);
            UnknownChunk head = new UnknownChunk(
                    unknown.type(), unknown.flags(), unknown.value().slice(0, length));
            control.add(new ErrorChunk(List.of(new ErrorCause(ErrorCause.UNRECOGNIZED_CHUNK, head.toBytes()))));
        }
    }

    private boolean onUnknown(UnknownChunk unknown) {
        counters.drop(DropReason.UNKNOWN_CHUNK);
        onUnknownReport(unknown);
        return unknown.isSkipped();
    }

    private void onError(long nowNanos, ErrorChunk error) {
        boolean stale = error.causes().stream().anyMatch(cause -> cause.code() == ErrorCause.STALE_COOKIE);
        LOG.debug("SCTP peer reports {}", describe(error.causes()));
        if (stale && state == SctpState.COOKIE_ECHOED) {
            // section 5.2.6 (1): "Send a new INIT chunk … and reattempt the setup procedure"
            timers.clear(SctpTimer.T1_COOKIE);
            peer = null;
            setState(SctpState.COOKIE_WAIT, "the cookie was stale");
            sendInit(nowNanos);
        }
    }

    // ---- setting up

    private void onInit(long nowNanos, InitChunk chunk) {
        PeerTerms terms = handshake.terms(chunk.body());
        if (terms == null) {
            counters.drop(DropReason.BAD_INIT);
            return;
        }
        switch (state) {
            case CLOSED, COOKIE_WAIT ->
                control.addLone(terms.tag(), handshake.answer(nowNanos, chunk.body(), terms, null, false));
            case COOKIE_ECHOED ->
                control.addLone(terms.tag(), handshake.answer(nowNanos, chunk.body(), terms, peer, false));
            case ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_SENT, SHUTDOWN_RECEIVED ->
                control.addLone(terms.tag(), handshake.answer(nowNanos, chunk.body(), terms, peer, true));
            case SHUTDOWN_ACK_SENT -> control.add(new ShutdownAckChunk()); // section 9.2
        }
    }

    private void onInitAck(long nowNanos, InitAckChunk chunk) {
        if (!expect(state == SctpState.COOKIE_WAIT)) {
            return;
        }
        PeerTerms terms = handshake.terms(chunk.body());
        ByteBuffer cookie = Handshake.cookie(chunk.body());
        if (terms == null || cookie == null || cookie.remaining() > config.maxPacketBytes() - 64) {
            counters.drop(DropReason.BAD_INIT);
            if (terms != null) {
                peer = terms;
                abort(ErrorCause.empty(ErrorCause.MISSING_PARAMETER), "the peer's INIT ACK holds no usable cookie");
            }
            return;
        }
        timers.clear(SctpTimer.T1_INIT);
        peer = terms;
        peerCookie = cookie;
        initAttempts = 0;
        setState(SctpState.COOKIE_ECHOED, "INIT ACK received");
        sendCookieEcho(nowNanos);
        reportUnrecognized(chunk);
    }

    private void reportUnrecognized(InitAckChunk chunk) {
        int room = config.maxPacketBytes() / 4;
        for (ByteBuffer unknown : Handshake.unrecognized(chunk.body())) {
            room -= unknown.remaining();
            if (room >= 0) {
                control.add(new ErrorChunk(List.of(new ErrorCause(ErrorCause.UNRECOGNIZED_PARAMETERS, unknown))));
            }
        }
    }

    private boolean onCookieEcho(long nowNanos, int tag, CookieEchoChunk chunk) {
        StateCookie cookie = handshake.open(chunk.cookie());
        if (cookie == null || cookie.localTag() != tag) {
            counters.drop(DropReason.BAD_COOKIE);
            return false;
        }
        Handshake.CookieAction action = handshake.decide(cookie, peer);
        if (cookie.isStale(nowNanos) && action != Handshake.CookieAction.ACKNOWLEDGE) {
            long lateMicros = (nowNanos - cookie.createdNanos() - StateCookie.LIFETIME_NANOS) / 1_000;
            control.addLone(
                    cookie.peer().tag(), new ErrorChunk(List.of(ErrorCause.withNumber(ErrorCause.STALE_COOKIE, (int)
                            Math.min(lateMicros, Integer.MAX_VALUE)))));
            return false;
        }
        switch (action) {
            case ESTABLISH, ADOPT, ACKNOWLEDGE -> {
                if (state == SctpState.CLOSED || state == SctpState.COOKIE_WAIT || state == SctpState.COOKIE_ECHOED) {
                    establish(nowNanos, cookie.peer(), "COOKIE ECHO received");
                }
                if (action == Handshake.CookieAction.ADOPT) {
                    peer = cookie.peer();
                }
                control.add(new CookieAckChunk());
            }
            case RESTART -> restart(nowNanos, cookie);
            case DISCARD -> {
                counters.drop(DropReason.BAD_COOKIE);
                return false;
            }
        }
        return true;
    }

    private void onCookieAck(long nowNanos) {
        PeerTerms terms = peer;
        if (expect(state == SctpState.COOKIE_ECHOED) && terms != null) {
            establish(nowNanos, terms, "COOKIE ACK received");
        }
    }

    private void establish(long nowNanos, PeerTerms terms, String reason) {
        timers.clear(SctpTimer.T1_INIT);
        timers.clear(SctpTimer.T1_COOKIE);
        control.removeType(ChunkType.INIT);
        control.removeType(ChunkType.COOKIE_ECHO);
        peerCookie = null;
        setState(SctpState.ESTABLISHED, reason);
        begin(nowNanos, terms);
        sender.start(terms);
        queue.dropFrom(terms.outboundStreams());
        events.add(new SctpEvent.Established(terms.outboundStreams()));
        if (shutdownWanted) {
            setState(SctpState.SHUTDOWN_PENDING, "shut down here");
        }
    }

    private void begin(long nowNanos, PeerTerms terms) {
        peer = terms;
        receiver = new Receiver(config, terms, events, control, timers, counters);
        streamReset.start(handshake.initialTsn(), terms);
        errors.onAnswer();
        heartbeat.schedule(nowNanos);
        sender.beginTurn(0);
    }

    /// Section 5.2.4.1: the peer has lost everything, and what was in flight to it is lost too.
    private void restart(long nowNanos, StateCookie cookie) {
        if (state == SctpState.SHUTDOWN_ACK_SENT) {
            control.add(new ShutdownAckChunk());
            control.add(new ErrorChunk(List.of(ErrorCause.empty(ErrorCause.COOKIE_WHILE_SHUTTING_DOWN))));
            return;
        }
        if (state != SctpState.ESTABLISHED) {
            counters.drop(DropReason.UNEXPECTED_CHUNK); // on the way out there is nothing to begin anew
            return;
        }
        LOG.info("SCTP association restarted by the peer");
        handshake.adopt(cookie);
        timers.clear(SctpTimer.DELAYED_SACK);
        begin(nowNanos, cookie.peer());
        sender.restart(cookie.peer(), cookie.localInitialTsn());
        events.add(new SctpEvent.Restarted());
        control.add(new CookieAckChunk());
    }

    // ---- the end

    private void onShutdown(long nowNanos, ShutdownChunk chunk) {
        switch (state) {
            case ESTABLISHED, SHUTDOWN_PENDING -> {
                sender.onShutdown(nowNanos, chunk.cumulativeTsn());
                shutdownWanted = true;
                setState(SctpState.SHUTDOWN_RECEIVED, "shut down by the peer");
            }
            case SHUTDOWN_RECEIVED -> sender.onShutdown(nowNanos, chunk.cumulativeTsn());
            case SHUTDOWN_SENT -> {
                // both began at the same time
                setState(SctpState.SHUTDOWN_ACK_SENT, "shut down by both");
                control.removeType(ChunkType.SHUTDOWN);
                timers.clear(SctpTimer.DELAYED_SACK);
                sendShutdown(nowNanos);
            }
            case SHUTDOWN_ACK_SENT -> sendShutdown(nowNanos);
            case CLOSED, COOKIE_WAIT, COOKIE_ECHOED -> counters.drop(DropReason.UNEXPECTED_CHUNK);
        }
    }

    private void onShutdownAck(int tag) {
        switch (state) {
            case SHUTDOWN_SENT, SHUTDOWN_ACK_SENT -> {
                int to = peerTag();
                end(true, "shut down");
                control.addLone(to, new ShutdownCompleteChunk(false));
            }
            // section 8.5.1 (E): "treat it as an Out Of The Blue packet"
            case COOKIE_WAIT, COOKIE_ECHOED -> control.addLone(tag, new ShutdownCompleteChunk(true));
            case CLOSED, ESTABLISHED, SHUTDOWN_PENDING, SHUTDOWN_RECEIVED -> counters.drop(DropReason.UNEXPECTED_CHUNK);
        }
    }

    /// Goes on with the end as soon as everything was delivered.
    private void progressShutdown(long nowNanos) {
        if (ended || !sender.isIdle()) {
            return;
        }
        if (state == SctpState.SHUTDOWN_PENDING) {
            setState(SctpState.SHUTDOWN_SENT, "everything was delivered");
            sendShutdown(nowNanos);
            timers.set(SctpTimer.T5_SHUTDOWN_GUARD, nowNanos + 5 * RetransmissionTimeout.MAX_NANOS);
        } else if (state == SctpState.SHUTDOWN_RECEIVED) {
            setState(SctpState.SHUTDOWN_ACK_SENT, "everything was delivered");
            sendShutdown(nowNanos);
        }
    }

    private void sendShutdown(long nowNanos) {
        stopDataTimers();
        control.removeType(ChunkType.SHUTDOWN);
        control.removeType(ChunkType.SHUTDOWN_ACK);
        if (state == SctpState.SHUTDOWN_SENT && receiver != null) {
            control.add(new ShutdownChunk(receiver.cumulativeTsn()));
        } else {
            control.add(new ShutdownAckChunk());
        }
        timers.set(SctpTimer.T2_SHUTDOWN, nowNanos + timeout.nanos());
    }

    private void stopDataTimers() {
        timers.clear(SctpTimer.T3_RTX);
        timers.clear(SctpTimer.HEARTBEAT);
        timers.clear(SctpTimer.RECONFIG);
        if (state == SctpState.SHUTDOWN_ACK_SENT) {
            timers.clear(SctpTimer.DELAYED_SACK);
        }
    }

    private void end(boolean clean, String reason) {
        setState(SctpState.CLOSED, reason);
        ended = true;
        timers.clearAll();
        control.clear();
        queue.clear();
        receiver = null;
        events.add(new SctpEvent.Closed(clean, reason));
    }

    // ---- state

    private void setState(SctpState next, String reason) {
        assert isLegal(state, next) : state + " -> " + next;
        LOG.debug("SCTP {} -> {}: {}", state, next, reason);
        state = next;
    }

    private static boolean isLegal(SctpState from, SctpState to) {
        return to == SctpState.CLOSED
                || switch (from) {
                    case CLOSED -> to == SctpState.COOKIE_WAIT || to == SctpState.ESTABLISHED;
                    case COOKIE_WAIT -> to == SctpState.COOKIE_ECHOED || to == SctpState.ESTABLISHED;
                    case COOKIE_ECHOED -> to == SctpState.COOKIE_WAIT || to == SctpState.ESTABLISHED;
                    case ESTABLISHED -> to == SctpState.SHUTDOWN_PENDING || to == SctpState.SHUTDOWN_RECEIVED;
                    case SHUTDOWN_PENDING -> to == SctpState.SHUTDOWN_SENT || to == SctpState.SHUTDOWN_RECEIVED;
                    case SHUTDOWN_SENT, SHUTDOWN_RECEIVED -> to == SctpState.SHUTDOWN_ACK_SENT;
                    case SHUTDOWN_ACK_SENT -> false;
                };
    }

    /// Which timers may run in which state.
    private boolean isConsistent() {
        for (SctpTimer timer : SctpTimer.values()) {
            if (timers.isRunning(timer) && !mayRun(timer)) {
                throw new AssertionError(timer + " runs in " + state);
            }
        }
        return true;
    }

    private boolean mayRun(SctpTimer timer) {
        return switch (timer) {
            case T1_INIT -> state == SctpState.COOKIE_WAIT;
            case T1_COOKIE -> state == SctpState.COOKIE_ECHOED;
            case T2_SHUTDOWN -> state == SctpState.SHUTDOWN_SENT || state == SctpState.SHUTDOWN_ACK_SENT;
            case T5_SHUTDOWN_GUARD -> state == SctpState.SHUTDOWN_SENT || state == SctpState.SHUTDOWN_ACK_SENT;
            case DELAYED_SACK -> carriesData();
            case T3_RTX, HEARTBEAT, RECONFIG -> carriesData() && state != SctpState.SHUTDOWN_SENT;
        };
    }

    SctpStats stats() {
        return new SctpStats(
                counters.packetsSent,
                counters.packetsReceived,
                counters.dataChunksSent,
                counters.dataChunksReceived,
                counters.retransmittedChunks,
                counters.fastRecoveries,
                counters.timeouts,
                counters.abandonedMessages,
                counters.forwardTsnsSent,
                counters.messagesSent,
                counters.messagesReceived,
                sender.congestionWindowBytes(),
                sender.flightBytes(),
                sender.peerWindowBytes(),
                timeout.smoothedNanos(),
                queue.bufferedBytes(),
                counters.drops());
    }

    private static String describe(List<ErrorCause> causes) {
        return causes.isEmpty()
                ? "no cause given"
                : String.join(", ", causes.stream().map(ErrorCause::describe).toList());
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        return copy.put(bytes.duplicate()).flip();
    }
}
