package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.AbortChunk;
import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.ChunkReader;
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
import dev.nearhand.transport.sctp.packet.InterleavedDataChunk;
import dev.nearhand.transport.sctp.packet.InterleavedForwardTsnChunk;
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

/// What each chunk, timer and call does in each state of an association
/// ([RFC 9260 sections 8 and 9](https://www.rfc-editor.org/rfc/rfc9260#section-8)).
///
/// Knows no packets: chunks come in, and control chunks are queued. Data goes through [DataSender] and [Receiver], the
/// handshake through [AssociationSetup].
final class AssociationStateMachine implements AssociationSetup.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(AssociationStateMachine.class);

    private final SctpConfig config;
    private final Counters counters;
    private final TimerTable<SctpTimer> timers = new TimerTable<>(SctpTimer.class);
    private final EventQueue events = new EventQueue();
    private final ControlQueue control;
    private final RetransmissionTimeout timeout = new RetransmissionTimeout();
    private final PathErrors errors = new PathErrors();
    private final AssociationState state = new AssociationState();
    private final Handshake handshake;
    private final AssociationSetup setup;
    private final SendQueue queue;
    private final DataSender sender;
    private final StreamReset streamReset;
    private final Heartbeat heartbeat;
    private final Shutdown shutdown;

    private @Nullable Receiver receiver;

    AssociationStateMachine(SctpConfig config, RandomGenerator random, RandomGenerator secrets, Counters counters) {
        this.config = config;
        this.counters = counters;
        this.control = new ControlQueue(counters);
        this.handshake = new Handshake(config, secrets);
        this.setup = new AssociationSetup(config, state, handshake, control, timers, timeout, counters, this);
        this.queue = new SendQueue(config.sendBufferBytes(), events, counters);
        this.sender = new DataSender(config, handshake.initialTsn(), queue, timeout, errors, timers, counters);
        this.streamReset = new StreamReset(queue, control, events, timers, timeout, errors, counters);
        this.heartbeat = new Heartbeat(control, timers, timeout, errors, random);
        this.shutdown = new Shutdown(state, control, timers, timeout, sender, counters);
    }

    SctpState state() {
        return state.current();
    }

    boolean isEnded() {
        return state.isEnded();
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
        return setup.peer() != null && !state.isEnded();
    }

    int peerTag() {
        PeerTerms peer = setup.peer();
        return peer == null ? 0 : peer.tag();
    }

    /// Whether packets to the peer go without a checksum.
    boolean omitsChecksum() {
        PeerTerms peer = setup.peer();
        return peer != null && peer.zeroChecksum();
    }

    boolean isPeerTag(int tag) {
        return setup.peer() != null && peerTag() == tag;
    }

    int outboundStreams() {
        PeerTerms peer = setup.peer();
        return peer == null ? config.maxStreams() : peer.outboundStreams();
    }

    boolean acceptsMessages() {
        return !shutdown.isWanted() && state.acceptsMessages();
    }

    boolean carriesData() {
        return state.carriesData();
    }

    // ---- what the owner asks for

    void connect(long nowNanos) {
        if (state.is(SctpState.CLOSED) && !state.isEnded()) {
            setup.connect(nowNanos);
        }
        assert state.isConsistent(timers);
    }

    InitChunk localInit() {
        return handshake.init(true);
    }

    /// Connects to a peer whose INIT is known, and who knows ours.
    void connect(long nowNanos, InitChunk remote) {
        if (state.is(SctpState.CLOSED) && !state.isEnded()) {
            setup.connect(nowNanos, remote);
        }
        assert state.isConsistent(timers);
    }

    void shutdown(long nowNanos) {
        if (state.isEnded()) {
            return;
        }
        shutdown.want();
        switch (state.current()) {
            case CLOSED -> end(true, "closed before it was connected");
            case ESTABLISHED -> {
                state.set(SctpState.SHUTDOWN_PENDING, "shut down here");
                shutdown.progress(nowNanos, receiver);
            }
            case COOKIE_WAIT, COOKIE_ECHOED, SHUTDOWN_PENDING, SHUTDOWN_SENT, SHUTDOWN_RECEIVED, SHUTDOWN_ACK_SENT -> {}
        }
        assert state.isConsistent(timers);
    }

    @Override
    public void abort(ErrorCause cause, String reason) {
        if (state.isEnded()) {
            return;
        }
        int tag = peerTag();
        end(false, reason);
        if (tag != 0) {
            control.addLone(tag, new AbortChunk(false, List.of(cause)));
        }
        assert state.isConsistent(timers);
    }

    SendResult offer(
            long nowNanos, int streamId, boolean unordered, Reliability reliability, int ppid, ByteBuffer message) {
        if (carriesData()) {
            sender.beginTurn(0);
        }
        return queue.offer(new OutgoingMessage(nowNanos, streamId, ppid, unordered, reliability, message));
    }

    void resetStreams(Collection<Integer> streamIds) {
        if (!state.isEnded()) {
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
        if (state.is(SctpState.ESTABLISHED)) {
            streamReset.update(nowNanos, sender);
        }
    }

    // ---- timers

    void handleTimeout(long nowNanos) {
        for (SctpTimer due = timers.pollDue(nowNanos); due != null; due = timers.pollDue(nowNanos)) {
            onTimer(nowNanos, due);
        }
        if (!state.isEnded() && errors.isExceeded()) {
            abort(ErrorCause.empty(ErrorCause.OUT_OF_RESOURCE), "the peer does not answer any more");
        }
        shutdown.progress(nowNanos, receiver);
        assert state.isConsistent(timers);
    }

    /// The path below carries again after a silence: what waits for a timeout that has been doubled again and again
    /// goes out at once. Nothing happens where nothing had run out.
    void pathRestored(long nowNanos) {
        if (state.isEnded() || errors.count() == 0) {
            return;
        }
        errors.onAnswer();
        timeout.forgetBackOff();
        if (timers.isRunning(SctpTimer.T3_RTX)) {
            timers.set(SctpTimer.T3_RTX, nowNanos);
        }
    }

    private void onTimer(long nowNanos, SctpTimer due) {
        switch (due) {
            case T1_INIT, T1_COOKIE -> setup.onTimeout(nowNanos);
            case T2_SHUTDOWN -> {
                errors.onTimeout();
                shutdown.onTimeout(nowNanos, receiver);
            }
            case T3_RTX -> sender.onTimeout(nowNanos);
            case RACK -> sender.onReorderingTimeout(nowNanos);
            case TAIL_PROBE -> sender.onProbeTimeout(nowNanos);
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

    // ---- chunks

    /// Takes the chunks of a packet whose tag was checked.
    void handlePacket(long nowNanos, int tag, Chunk first, ChunkReader rest) {
        if (state.isEnded()) {
            handleAfterEnd(tag, first);
            return;
        }
        boolean goOn = true;
        for (Chunk chunk = first; chunk != null && goOn && !state.isEnded(); chunk = rest.next()) {
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
        shutdown.progress(nowNanos, receiver);
        assert state.isConsistent(timers);
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
            case DataChunk data -> {
                Receiver to = dataReceiver(false, data.tsn(), data.payload());
                if (to != null) {
                    to.onData(data);
                    shutdown.onData(to);
                }
            }
            case InterleavedDataChunk data -> {
                Receiver to = dataReceiver(true, data.tsn(), data.payload());
                if (to != null) {
                    to.onData(data);
                    shutdown.onData(to);
                }
            }
            case SackChunk sack -> {
                if (expect(state.carriesData())) {
                    sender.onSack(nowNanos, sack);
                }
            }
            case ForwardTsnChunk forward -> {
                Receiver to = dataReceiver(false);
                if (to != null) {
                    to.onForwardTsn(forward);
                }
            }
            case InterleavedForwardTsnChunk forward -> {
                Receiver to = dataReceiver(true);
                if (to != null) {
                    to.onForwardTsn(forward);
                }
            }
            case ReconfigChunk reconfig -> {
                Receiver to = receiver;
                if (expect(state.carriesData()) && to != null) {
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
                setup.onInit(nowNanos, init);
                return false; // "MUST be the only chunk in the packet"
            }
            case InitAckChunk ack -> {
                setup.onInitAck(nowNanos, ack);
                return false;
            }
            case CookieEchoChunk echo -> {
                return setup.onCookieEcho(nowNanos, tag, echo);
            }
            case CookieAckChunk _ -> setup.onCookieAck(nowNanos);
            case AbortChunk abort -> end(false, "aborted by the peer: " + describe(abort.causes()));
            case ErrorChunk error -> onError(nowNanos, error);
            case ShutdownChunk end -> shutdown.onShutdown(nowNanos, end, receiver);
            case ShutdownAckChunk _ -> onShutdownAck(tag);
            case ShutdownCompleteChunk _ -> {
                if (expect(state.is(SctpState.SHUTDOWN_ACK_SENT))) {
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

    /// Who takes DATA and FORWARD TSN, or their interleaved kinds, in this state; null when nobody does.
    private @Nullable Receiver dataReceiver(boolean interleaved) {
        Receiver to = receiver;
        if (!expect(state.takesData()) || to == null) {
            return null;
        }
        if (to.isInterleaving() != interleaved) {
            // RFC 8260 section 2.2.1: one kind or the other, as was agreed on
            String wrong = "the peer mixes DATA and I-DATA";
            abort(ErrorCause.withText(ErrorCause.PROTOCOL_VIOLATION, wrong), wrong);
            return null;
        }
        return to;
    }

    private @Nullable Receiver dataReceiver(boolean interleaved, int tsn, ByteBuffer payload) {
        Receiver to = dataReceiver(interleaved);
        if (to != null && !payload.hasRemaining()) {
            abort(ErrorCause.withNumber(ErrorCause.NO_USER_DATA, tsn), "the peer sent DATA without data");
            return null;
        }
        return to;
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
        if (stale) {
            setup.onStaleCookie(nowNanos);
        }
    }

    // ---- setting up

    @Override
    public void establish(long nowNanos, PeerTerms terms, String reason) {
        state.set(SctpState.ESTABLISHED, reason);
        begin(nowNanos, terms);
        sender.start(terms);
        queue.dropFrom(terms.outboundStreams());
        events.add(new SctpEvent.Established(terms.outboundStreams()));
        if (shutdown.isWanted()) {
            state.set(SctpState.SHUTDOWN_PENDING, "shut down here");
        }
    }

    /// What was in flight is lost with the peer's state.
    @Override
    public void restart(long nowNanos, StateCookie cookie) {
        LOG.info("SCTP association restarted by the peer");
        timers.clear(SctpTimer.DELAYED_SACK);
        begin(nowNanos, cookie.peer());
        sender.restart(cookie.peer(), cookie.localInitialTsn());
        events.add(new SctpEvent.Restarted());
    }

    private void begin(long nowNanos, PeerTerms terms) {
        receiver = new Receiver(config, terms, events, control, timers, counters);
        streamReset.start(handshake.initialTsn(), terms);
        errors.onAnswer();
        heartbeat.schedule(nowNanos);
        sender.beginTurn(0);
    }

    // ---- the end

    private void onShutdownAck(int tag) {
        switch (state.current()) {
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

    private void end(boolean clean, String reason) {
        state.end(reason);
        timers.clearAll();
        control.clear();
        queue.clear();
        receiver = null;
        events.add(new SctpEvent.Closed(clean, reason));
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
                counters.tailProbes,
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
