package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.SentChunk.State;
import dev.nearhand.transport.sctp.packet.PacketHeader;
import dev.nearhand.transport.sctp.packet.SackChunk;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Serial32;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The sending half of an association: what may leave now, what has arrived, what is lost
/// ([RFC 9260 sections 6.1, 6.3 and 7.2.4](https://www.rfc-editor.org/rfc/rfc9260#section-6.1)).
///
/// What is lost is [LossDetector]'s to say, when to probe a silent tail [TailProbe]'s, how much may be in flight
/// [CongestionControl]'s.
final class DataSender {
    /// A flight of at most so many packets asks for a SACK with its last chunk, which no second packet would call for.
    private static final int SMALL_FLIGHT_PACKETS = 3;

    private final SendQueue queue;
    private final SentChunks sent;
    private final Abandonment abandonment;
    private final CongestionControl congestion;
    private final LossDetector losses;
    private final TailProbe probe;
    private final DeliveryRate rate = new DeliveryRate();
    private final Pacer pacer;
    private final RetransmissionTimeout timeout;
    private final PathErrors errors;
    private final TimerTable<SctpTimer> timers;
    private final Counters counters;
    private final PathMtu mtu;
    private final ForwardPlan forward;
    private final SendBudget budget;
    private final Redundancy redundancy;
    private final int initialTsn;
    private int overheadBytes;
    private boolean started;

    private boolean recovering;
    private int recoveryExitTsn;
    private int roundEndTsn;
    private long lastSentNanos;
    private int timeoutsWithoutProgress;

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
        this.errors = errors;
        this.timers = timers;
        this.counters = counters;
        this.initialTsn = initialTsn;
        this.sent = new SentChunks(initialTsn);
        this.abandonment = new Abandonment(sent, queue, counters);
        this.congestion = config.congestion().create(config.maxPacketBytes(), random);
        this.pacer = new Pacer(congestion, config.maxPacketBytes());
        this.losses = new LossDetector(sent, timeout);
        this.probe = new TailProbe(sent, timeout, timers);
        this.mtu = mtu;
        this.budget = new SendBudget(congestion);
        this.redundancy = new Redundancy(timers, counters);
        this.forward = new ForwardPlan(abandonment, timeout, counters, initialTsn);
        this.overheadBytes = SentChunk.overheadBytes(false);
    }

    /// The peer's terms are known: data may flow, or go along with COOKIE ECHO.
    void start(PeerTerms peer) {
        started = true;
        budget.setPeerWindow(peer.windowBytes());
        abandonment.enable(peer);
        queue.setInterleaving(peer.interleaving());
        overheadBytes = SentChunk.overheadBytes(peer.interleaving());
    }

    boolean isStarted() {
        return started;
    }

    private int fullFragmentBytes() {
        return mtu.fragmentBytes(PacketHeader.BYTES) - overheadBytes;
    }

    /// How large the next packet may be. What is sent again goes in packets that every path carries: if the path has
    /// become narrow, this is how the data gets through.
    int packetBytes() {
        return sent.hasLost() ? mtu.baseBytes() : mtu.packetBytes();
    }

    /// What of a packet that every path carries is left for chunks.
    private int basePayloadBytes() {
        return mtu.baseBytes() - PacketHeader.BYTES;
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
        losses.restart();
        recovering = false;
        forward.restart(sent.firstTsn());
        roundEndTsn = sent.firstTsn();
        stopTimers();
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

    /// Takes a SACK.
    void onSack(long nowNanos, SackChunk sack) {
        if (!sent.covers(sack.cumulativeTsn(), counters)) {
            return;
        }
        int flightBefore = sent.flightBytes();
        SentChunks.Outcome outcome = new SentChunks.Outcome(losses.newestOrder());
        sent.acknowledgeTo(sack.cumulativeTsn(), outcome);
        int bad = sent.acknowledgeGaps(sack, outcome);
        if (bad > 0) {
            counters.drop(DropReason.BAD_SACK, bad);
        }
        finishSack(nowNanos, outcome, flightBefore, redundancy.leavesUnexplained(sack.duplicates()));
        budget.setPeerWindow(sack.windowBytes() - sent.flightPayloadBytes());
        if (sack.windowBytes() == 0) {
            errors.onAnswer(); // "the endpoint SHOULD NOT increment the error counter" while it probes a zero window
        }
    }

    /// Takes the cumulative TSN of a SHUTDOWN.
    void onShutdown(long nowNanos, int cumulativeTsn) {
        if (sent.covers(cumulativeTsn, counters)) {
            int flightBefore = sent.flightBytes();
            SentChunks.Outcome outcome = new SentChunks.Outcome(losses.newestOrder());
            sent.acknowledgeTo(cumulativeTsn, outcome);
            finishSack(nowNanos, outcome, flightBefore, false);
        }
    }

    private void finishSack(long nowNanos, SentChunks.Outcome outcome, int flightBefore, boolean duplicates) {
        SentChunk newest = outcome.newest;
        if (outcome.large) {
            mtu.onLargeAcknowledged();
        }
        if (newest != null && newest.transmissions == 1) {
            timeout.onMeasured(nowNanos - newest.sentNanos);
            congestion.onMeasured(nowNanos - newest.sentNanos, timeout.smoothedNanos());
        }
        losses.onSack(nowNanos, outcome, duplicates);
        if (recovering && Serial32.isNewer(sent.firstTsn(), recoveryExitTsn)) {
            recovering = false;
            losses.onRecovered();
            congestion.onRecovered();
        }
        if (newest != null) {
            errors.onAnswer();
            timeoutsWithoutProgress = 0;
            congestion.onAcknowledged(
                    nowNanos, outcome.ackedBytes, flightBefore, outcome.cumulativeAdvanced, recovering);
        }
        if (Serial32.isNewer(sent.firstTsn(), roundEndTsn)) {
            roundEndTsn = sent.nextTsn() - 1;
            congestion.onRound();
        }
        rate.onDelivered(nowNanos, newest, outcome.ackedBytes, losses.minRttNanos());
        boolean repaired = probe.onSack(duplicates);
        findLosses(nowNanos);
        if (newest != null) {
            rate.finish(newest);
            congestion.onSample(nowNanos, sent.flightBytes(), rate);
        }
        if (repaired && !recovering) {
            congestion.onLoss(nowNanos);
        }
        abandonment.advance();
        forward.plan(nowNanos);
        rearm(nowNanos, outcome.cumulativeAdvanced);
        planProbe(nowNanos);
        beginTurn(outcome.ackedBytes);
    }

    private void findLosses(long nowNanos) {
        long again = losses.detect(nowNanos, recovering, chunk -> {
            enterRecovery(nowNanos);
            lose(chunk, nowNanos);
        });
        timers.set(SctpTimer.RACK, again);
    }

    /// The time that something overtaken is waited for is over.
    void onReorderingTimeout(long nowNanos) {
        findLosses(nowNanos);
        abandonment.advance();
        forward.plan(nowNanos);
        planProbe(nowNanos);
        beginTurn(0);
    }

    private void planProbe(long nowNanos) {
        SentChunk last = sent.newestInFlight();
        boolean lone = last != null && !last.immediate && sent.flightBytes() <= basePayloadBytes() - overheadBytes;
        probe.plan(nowNanos, recovering, lone);
    }

    /// The tail of the flight stays unanswered: sends something new if it may, or the end of the flight again.
    void onProbeTimeout(long nowNanos) {
        counters.tailProbes++;
        int packetBytes = basePayloadBytes();
        int waiting = sent.isFull() ? 0 : queue.nextBytes(nowNanos);
        boolean again = waiting == 0 || !fitsPeerWindow(waiting);
        probe.begin(nowNanos, again);
        if (again) {
            probe.repeat(nowNanos, packetBytes, abandonment);
        }
        budget.grant(packetBytes);
        beginTurn(0);
    }

    /// Recent messages of a redundant stream are due for a copy.
    void onCopiesTimeout() {
        redundancy.onTimeout();
    }

    void stopTimers() {
        timers.clear(SctpTimer.T3_RTX);
        timers.clear(SctpTimer.RACK);
        timers.clear(SctpTimer.PACING);
        probe.cancel();
        redundancy.stop();
    }

    private void enterRecovery(long nowNanos) {
        if (!recovering) {
            recovering = true;
            recoveryExitTsn = sent.nextTsn() - 1;
            counters.fastRecoveries++;
            congestion.onLoss(nowNanos);
            // one packet of fast retransmissions goes out "ignoring the value of cwnd"
            budget.grant(basePayloadBytes());
        }
    }

    private void lose(SentChunk chunk, long nowNanos) {
        if (chunk.large) {
            mtu.onLargeLost(nowNanos);
        }
        rate.onLost(chunk);
        congestion.onChunkLost(nowNanos, chunk, rate);
        repeatOrGiveUp(chunk, nowNanos);
    }

    private void repeatOrGiveUp(SentChunk chunk, long nowNanos) {
        if (abandonment.isGivenUp(chunk, nowNanos)) {
            abandonment.abandon(chunk.message);
        } else {
            sent.setState(chunk, State.LOST);
        }
    }

    private void rearm(long nowNanos, boolean restart) {
        if (sent.isEmpty()) {
            stopTimers();
        } else if (restart) {
            timers.set(SctpTimer.T3_RTX, nowNanos + timeout.nanos());
        }
    }

    /// T3-rtx has run out ([RFC 9260 section 6.3.3](https://www.rfc-editor.org/rfc/rfc9260#section-6.3.3)).
    void onTimeout(long nowNanos) {
        if (sent.isEmpty()) {
            budget.allowWindowProbe();
            return;
        }
        counters.timeouts++;
        errors.onTimeout();
        timeout.backOff();
        congestion.onTimeout(nowNanos);
        recovering = false;
        budget.grant(0);
        timers.clear(SctpTimer.RACK);
        probe.cancel();
        timeoutsWithoutProgress++;
        if (timeoutsWithoutProgress >= 2) {
            sent.loseAllAcked(); // the peer may have reneged
        }
        int end = sent.nextTsn();
        boolean large = false;
        for (int tsn = sent.firstTsn(); tsn != end; tsn++) {
            SentChunk chunk = sent.at(tsn);
            if (chunk.state == State.IN_FLIGHT) {
                large |= chunk.large;
                lose(chunk, nowNanos);
            }
        }
        if (large) {
            mtu.onRetransmissionTimeout(nowNanos);
        }
        abandonment.advance();
        forward.onTimeout();
        timers.set(SctpTimer.T3_RTX, nowNanos + timeout.nanos());
        beginTurn(0);
    }

    /// Fills up the packet of a COOKIE ECHO, also of one that is repeated: "until the COOKIE ACK chunk is returned, the
    /// sender MUST NOT send any other packets" ([RFC 9260 section
    /// 5.1](https://www.rfc-editor.org/rfc/rfc9260#section-5.1)). So T1-cookie is the only timer that runs.
    void writeBehindCookieEcho(long nowNanos, PacketBuilder packet) {
        writeLost(nowNanos, packet);
        writeNew(nowNanos, packet);
        stopTimers();
    }

    /// T1-cookie has run out: all that is in flight is lost or given up. Says nothing about congestion, like the loss
    /// of the COOKIE ECHO itself.
    void loseFlight(long nowNanos) {
        for (SentChunk chunk = sent.oldestInFlight(); chunk != null; chunk = sent.oldestInFlight()) {
            repeatOrGiveUp(chunk, nowNanos);
        }
        beginTurn(0);
    }

    /// The association stands: from now on what went along with COOKIE ECHO is watched like all data.
    void resume(long nowNanos) {
        abandonment.advance();
        forward.plan(nowNanos);
        if (!sent.isEmpty()) {
            timers.set(SctpTimer.T3_RTX, nowNanos + timeout.nanos());
            planProbe(nowNanos);
        }
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
        return timeoutsWithoutProgress > 0 ? 0 : Math.max(basePayloadBytes(), congestion.windowBytes() / 4);
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
            SentChunk chunk = queue.next(nowNanos, packet.room() - overheadBytes, fullFragmentBytes());
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
        chunk.immediate = queue.isEmpty() && sent.flightBytes() <= SMALL_FLIGHT_PACKETS * basePayloadBytes();
        sent.append(chunk);
        if (chunk.offset == 0) {
            chunk.message.firstTsn = chunk.tsn;
        }
        chunk.message.lastTsn = chunk.tsn;
        budget.onFirstSent(chunk);
        if (queue.isRedundant(chunk.message.streamId)) {
            redundancy.onFirstSent(chunk, nowNanos);
        }
        put(chunk, nowNanos, packet);
        planProbe(nowNanos);
    }

    /// Events wait neither for the congestion window nor until what is lost has been sent again.
    private void writeEvents(long nowNanos, PacketBuilder packet) {
        if (sent.isFull() || canSendNew() && !isHeld(nowNanos)) {
            return; // their turn comes at once
        }
        int room = Math.min(redundancy.roundRoomBytes(), packet.room()) & ~3;
        room = (int) Math.min(room - overheadBytes, budget.peerWindowBytes());
        SentChunk event = queue.nextEvent(nowNanos, room);
        if (event != null) {
            putNew(event, nowNanos, packet);
            redundancy.onOutOfTurn(event);
        }
    }

    private boolean canSendNew() {
        return !sent.isFull() && !sent.hasLost() && budget.allowsNew(sent.flightBytes(), recovering);
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
