package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.PacketHeader;
import dev.nearhand.transport.time.TimerTable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The sending half of an association: what may leave now, and in which order
/// ([RFC 9260 section 6.1](https://www.rfc-editor.org/rfc/rfc9260#section-6.1)).
///
/// What has arrived and what is lost is in [LossRecovery], how much may be in flight is [CongestionControl]'s to say.
final class DataSender {
    /// A flight of at most so many packets asks for a SACK with its last chunk, which no second packet would call for.
    private static final int SMALL_FLIGHT_PACKETS = 3;

    private final SendQueue queue;
    private final SentChunks sent;
    private final Abandonment abandonment;
    private final CongestionControl congestion;
    private final DeliveryRate rate = new DeliveryRate();
    private final Pacer pacer;
    private final RetransmissionTimeout timeout;
    private final TimerTable<SctpTimer> timers;
    private final Counters counters;
    private final PathMtu mtu;
    private final ForwardPlan forward;
    private final SendBudget budget;
    private final Redundancy redundancy;
    private final LossRecovery recovery;
    private final int initialTsn;
    private boolean started;
    private long lastSentNanos;

    DataSender(
            SctpConfig config,
            int initialTsn,
            SendQueue queue,
            RetransmissionTimeout timeout,
            PathErrors errors,
            PathMtu mtu,
            TimerTable<SctpTimer> timers,
            RandomGenerator random,
            Counters counters) {
        this.queue = queue;
        this.timeout = timeout;
        this.timers = timers;
        this.counters = counters;
        this.initialTsn = initialTsn;
        this.sent = new SentChunks(initialTsn);
        this.abandonment = new Abandonment(sent, queue, counters);
        this.congestion = config.congestion().create(config.maxPacketBytes(), random);
        this.pacer = new Pacer(congestion, config.maxPacketBytes());
        this.mtu = mtu;
        this.budget = new SendBudget(congestion);
        this.redundancy = new Redundancy(timers, counters);
        this.forward = new ForwardPlan(abandonment, timeout, counters, initialTsn);
        this.recovery = new LossRecovery(new SendParts(
                queue,
                sent,
                abandonment,
                forward,
                congestion,
                rate,
                budget,
                redundancy,
                timeout,
                errors,
                mtu,
                timers,
                counters));
    }

    /// The peer's terms are known: data may flow, or go along with COOKIE ECHO.
    void start(PeerTerms peer) {
        started = true;
        budget.setPeerWindow(peer.windowBytes());
        abandonment.enable(peer);
        queue.setInterleaving(peer.interleaving());
    }

    boolean isStarted() {
        return started;
    }

    /// What becomes of what was sent.
    LossRecovery recovery() {
        return recovery;
    }

    private int fullFragmentBytes() {
        return mtu.fragmentBytes(PacketHeader.BYTES) - queue.overheadBytes();
    }

    /// How large the next packet may be. What is sent again goes in packets that every path carries: if the path has
    /// become narrow, this is how the data gets through.
    int packetBytes() {
        return sent.hasLost() ? mtu.baseBytes() : mtu.packetBytes();
    }

    /// The peer has lost its state: all that is in flight is lost with it.
    void restart(PeerTerms peer, int initialTsn) {
        queue.restart();
        forget(initialTsn);
        start(peer);
    }

    private void forget(int initialTsn) {
        sent.restart(initialTsn);
        abandonment.restart();
        forward.restart(sent.firstTsn());
        recovery.restart();
    }

    /// What went along with COOKIE ECHO, which is all that was sent, waits again as if it had not been.
    void takeBack() {
        queue.takeBack(sent.messages());
        forget(initialTsn);
        started = false;
    }

    int nextTsn() {
        return sent.nextTsn();
    }

    /// Whether nothing waits, and nothing is unacknowledged.
    boolean isIdle() {
        return queue.isEmpty() && sent.isEmpty();
    }

    int flightBytes() {
        return sent.flightBytes();
    }

    int congestionWindowBytes() {
        return congestion.windowBytes();
    }

    long peerWindowBytes() {
        return budget.peerWindowBytes();
    }

    /// An occasion to send: a packet, a timer or a message has come.
    void beginTurn(int ackedBytes) {
        budget.beginTurn(ackedBytes);
    }

    /// The tail of the flight stays unanswered: sends something new if it may, or the end of the flight again.
    void onProbeTimeout(long nowNanos) {
        counters.tailProbes++;
        int packetBytes = mtu.basePayloadBytes();
        int waiting = sent.isFull() ? 0 : queue.nextBytes(nowNanos);
        boolean again = waiting == 0 || !fitsPeerWindow(waiting);
        recovery.probe().begin(nowNanos, again);
        if (again) {
            recovery.probe().repeat(nowNanos, packetBytes, abandonment);
        }
        budget.grant(packetBytes);
        beginTurn(0);
    }

    /// Recent messages of a redundant stream are due for a copy.
    void onCopiesTimeout() {
        redundancy.onTimeout();
    }

    /// Fills up the packet of a COOKIE ECHO, also of one that is repeated: "until the COOKIE ACK chunk is returned, the
    /// sender MUST NOT send any other packets" ([RFC 9260 section
    /// 5.1](https://www.rfc-editor.org/rfc/rfc9260#section-5.1)). So T1-cookie is the only timer that runs.
    void writeBehindCookieEcho(long nowNanos, PacketBuilder packet) {
        writeLost(nowNanos, packet);
        writeNew(nowNanos, packet);
        recovery.stopTimers();
    }

    /// Fills a packet with FORWARD TSN, retransmissions and new data, as far as the windows allow.
    void write(long nowNanos, PacketBuilder packet) {
        if (forward.write(nowNanos, packet)) {
            timers.setIfIdle(SctpTimer.T3_RTX, nowNanos + timeout.nanos());
        }
        redundancy.beginPacket(nowNanos, timeout.smoothedNanos(), copyBytes());
        writeEvents(nowNanos, packet);
        if (!isHeld(nowNanos)) {
            writeLost(nowNanos, packet);
            writeNew(nowNanos, packet);
        }
        redundancy.write(nowNanos, packet);
    }

    /// How much may be copied in a round trip: nothing when the path seems dead.
    private int copyBytes() {
        return recovery.isPathSilent() ? 0 : Math.max(mtu.basePayloadBytes(), congestion.windowBytes() / 4);
    }

    /// Whether [#write] would put something into an empty packet.
    boolean hasSomethingToWrite(long nowNanos) {
        if (forward.isDue() || redundancy.isDue()) {
            return true;
        }
        if (isHeld(nowNanos)) {
            return false;
        }
        if (canSendLost(sent.firstLost())) {
            return true;
        }
        int waiting = canSendNew() ? queue.nextBytes(nowNanos) : 0;
        return waiting > 0 && fitsPeerWindow(waiting);
    }

    /// Whether the pacer keeps back what the windows would allow; a probe of the tail, or a first retransmission, is
    /// not kept back.
    private boolean isHeld(long nowNanos) {
        if (budget.hasCredit() || !pacer.isHeld(nowNanos)) {
            return false;
        }
        if (sent.hasLost() || !queue.isEmpty()) {
            timers.set(SctpTimer.PACING, pacer.releaseNanos());
        }
        return true;
    }

    private void writeLost(long nowNanos, PacketBuilder packet) {
        for (SentChunk chunk = sent.firstLost(); chunk != null; chunk = sent.firstLost()) {
            if (abandonment.isExpired(chunk.message, nowNanos)) {
                abandonment.abandon(chunk.message);
                forward.plan(nowNanos);
                continue;
            }
            if (chunk.sizeBytes() > packet.room() || !canSendLost(chunk)) {
                return;
            }
            counters.retransmittedChunks++;
            chunk.immediate = true; // so that its arrival is known at once
            if (chunk.tsn == sent.firstTsn()) {
                timers.set(SctpTimer.T3_RTX, nowNanos + timeout.nanos());
            }
            put(chunk, nowNanos, packet);
            if (chunk.sparse) {
                redundancy.onSparseSentAgain(chunk, nowNanos);
            }
        }
    }

    private boolean canSendLost(@Nullable SentChunk chunk) {
        return chunk != null && budget.allowsAgain(chunk, sent.flightBytes());
    }

    private void writeNew(long nowNanos, PacketBuilder packet) {
        if (sent.isEmpty()) {
            long idleNanos = nowNanos - lastSentNanos;
            if (idleNanos > timeout.nanos() && !queue.isEmpty()) {
                congestion.onIdle((int) Math.min(30, idleNanos / timeout.nanos()));
                lastSentNanos = nowNanos;
            }
        }
        while (canSendNew()) {
            int waiting = queue.nextBytes(nowNanos);
            if (waiting == 0) {
                rate.onNothingToSend(sent.flightBytes());
                return;
            }
            if (!fitsPeerWindow(waiting)) {
                timers.setIfIdle(SctpTimer.T3_RTX, nowNanos + timeout.nanos());
                return;
            }
            SentChunk chunk = queue.next(nowNanos, packet.room() - queue.overheadBytes(), fullFragmentBytes());
            if (chunk == null) {
                return;
            }
            putNew(chunk, nowNanos, packet);
            if (chunk.message.remaining() > 0 && abandonment.isExpired(chunk.message, nowNanos)) {
                abandonment.abandon(chunk.message);
                forward.plan(nowNanos);
            }
        }
    }

    private void putNew(SentChunk chunk, long nowNanos, PacketBuilder packet) {
        chunk.immediate = queue.isEmpty() && sent.flightBytes() <= SMALL_FLIGHT_PACKETS * mtu.basePayloadBytes();
        sent.append(chunk);
        if (chunk.offset == 0) {
            chunk.message.firstTsn = chunk.tsn;
        }
        chunk.message.lastTsn = chunk.tsn;
        budget.onFirstSent(chunk);
        boolean redundant = queue.isRedundant(chunk.message.streamId);
        chunk.sparse = Redundancy.isSmall(chunk) && (redundant || isSparse(chunk.message));
        if (redundant) {
            redundancy.onFirstSent(chunk, nowNanos);
        } else if (chunk.sparse) {
            redundancy.onSparseSent(chunk, nowNanos);
        }
        put(chunk, nowNanos, packet);
        recovery.planProbe(nowNanos);
    }

    /// Whether a message may be sent as often as it takes, and nothing waits behind it.
    private boolean isSparse(OutgoingMessage message) {
        return message.maxRetransmits == Integer.MAX_VALUE && queue.bufferedBytes(message.streamId) == 0;
    }

    /// Events wait neither for the congestion window nor until what is lost has been sent again.
    private void writeEvents(long nowNanos, PacketBuilder packet) {
        if (sent.isFull() || canSendNew() && !isHeld(nowNanos)) {
            return; // their turn comes at once
        }
        for (SentChunk event = nextEvent(nowNanos, packet); event != null; event = nextEvent(nowNanos, packet)) {
            putNew(event, nowNanos, packet);
            redundancy.onOutOfTurn(event);
        }
    }

    private @Nullable SentChunk nextEvent(long nowNanos, PacketBuilder packet) {
        int room = Math.min(redundancy.roundRoomBytes(), packet.room()) & ~3;
        room = (int) Math.min(room - queue.overheadBytes(), budget.peerWindowBytes());
        return sent.isFull() ? null : queue.nextEvent(nowNanos, room);
    }

    private boolean canSendNew() {
        return !sent.isFull() && !sent.hasLost() && budget.allowsNew(sent.flightBytes(), recovery.isRecovering());
    }

    private boolean fitsPeerWindow(int waitingBytes) {
        return budget.fitsPeerWindow(Math.min(waitingBytes, fullFragmentBytes()), sent.flightBytes());
    }

    private void put(SentChunk chunk, long nowNanos, PacketBuilder packet) {
        packet.add(chunk.toChunk());
        chunk.large = packet.length() > mtu.baseBytes();
        congestion.onSend(nowNanos, sent.flightBytes(), rate);
        rate.onSent(chunk, nowNanos, sent.flightBytes());
        sent.onSent(chunk, nowNanos);
        pacer.onSent(nowNanos, chunk.sizeBytes());
        budget.onSent(chunk);
        lastSentNanos = nowNanos;
        counters.dataChunksSent++;
        timers.setIfIdle(SctpTimer.T3_RTX, nowNanos + timeout.nanos());
    }
}
