package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.AbortChunk;
import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.ChunkReader;
import dev.nearhand.transport.sctp.packet.ErrorCause;
import dev.nearhand.transport.sctp.packet.InitChunk;
import dev.nearhand.transport.sctp.packet.ShutdownAckChunk;
import dev.nearhand.transport.sctp.packet.ShutdownCompleteChunk;
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
    private final PathMtu mtu;
    private final ChunkHandler chunks;

    private @Nullable Receiver receiver;

    AssociationStateMachine(SctpConfig config, RandomGenerator random, RandomGenerator secrets, Counters counters) {
        this.config = config;
        this.counters = counters;
        this.control = new ControlQueue(counters);
        this.handshake = new Handshake(config, secrets);
        this.setup = new AssociationSetup(config, state, handshake, control, timers, timeout, counters, this);
        this.queue = new SendQueue(config.sendBufferBytes(), events, counters);
        this.mtu = new PathMtu(config.maxPacketBytes(), config.largestPacketBytes(), timers, timeout, random);
        this.sender =
                new DataSender(config, handshake.initialTsn(), queue, timeout, errors, mtu, timers, random, counters);
        this.streamReset = new StreamReset(queue, control, events, timers, timeout, errors, counters);
        this.heartbeat = new Heartbeat(control, timers, timeout, errors, random);
        this.shutdown = new Shutdown(state, control, timers, timeout, sender, mtu, counters);
        this.chunks = new ChunkHandler(
                config, this, state, setup, sender, streamReset, heartbeat, shutdown, mtu, control, counters);
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

    PathMtu mtu() {
        return mtu;
    }

    /// How large the next packet may be.
    int packetBytes() {
        return sender.packetBytes();
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
        if (event instanceof SctpEvent.MessageReceived got && receiver != null) {
            receiver.onConsumed(got.message().remaining());
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

    /// What is known of the old path is worth nothing on the new one.
    void onPathChanged(long nowNanos) {
        if (mtu.isSearching() && carriesData() && !state.is(SctpState.SHUTDOWN_SENT)) {
            mtu.begin(nowNanos);
        }
        assert state.isConsistent(timers);
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
            case T3_RTX -> sender.recovery().onTimeout(nowNanos);
            case RACK -> sender.recovery().onReorderingTimeout(nowNanos);
            case PACING -> sender.beginTurn(0);
            case TAIL_PROBE -> sender.onProbeTimeout(nowNanos);
            case COPIES -> sender.onCopiesTimeout();
            case T5_SHUTDOWN_GUARD ->
                abort(ErrorCause.empty(ErrorCause.USER_INITIATED_ABORT), "the peer does not finish the shutdown");
            case DELAYED_SACK -> {
                if (receiver != null) {
                    receiver.onDelayedSack();
                }
            }
            case HEARTBEAT -> heartbeat.onTimeout(nowNanos, sender.flightBytes() == 0);
            case RECONFIG -> streamReset.onTimeout(nowNanos);
            case PATH_PROBE -> mtu.onTimeout(nowNanos);
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
            goOn = chunks.handle(nowNanos, tag, chunk);
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

    // ---- setting up

    @Override
    public void learnPeer(long nowNanos, PeerTerms terms) {
        sender.start(terms);
        sender.beginTurn(0);
        queue.dropFrom(terms.outboundStreams());
        events.add(new SctpEvent.PeerKnown(terms.outboundStreams()));
    }

    @Override
    public void losePacketOfCookieEcho(long nowNanos) {
        sender.recovery().loseFlight(nowNanos);
    }

    @Override
    public void takeBack() {
        sender.takeBack();
    }

    @Override
    public void establish(long nowNanos, PeerTerms terms, String reason) {
        state.set(SctpState.ESTABLISHED, reason);
        begin(nowNanos, terms);
        if (sender.isStarted()) {
            sender.recovery().resume(nowNanos);
        } else {
            learnPeer(nowNanos, terms);
        }
        events.add(new SctpEvent.Established());
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
        receiver = new Receiver(config, terms, timeout, events, control, timers, counters);
        streamReset.start(handshake.initialTsn(), terms);
        errors.onAnswer();
        heartbeat.schedule(nowNanos);
        if (terms.padding()) {
            mtu.begin(nowNanos);
        }
        sender.beginTurn(0);
    }

    // ---- the end

    void end(boolean clean, String reason) {
        state.end(reason);
        timers.clearAll();
        mtu.stop();
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
                counters.copiedChunks,
                counters.abandonedMessages,
                counters.forwardTsnsSent,
                counters.messagesSent,
                counters.messagesReceived,
                sender.congestionWindowBytes(),
                sender.flightBytes(),
                sender.peerWindowBytes(),
                timeout.smoothedNanos(),
                queue.bufferedBytes(),
                mtu.packetBytes(),
                counters.drops());
    }
}
