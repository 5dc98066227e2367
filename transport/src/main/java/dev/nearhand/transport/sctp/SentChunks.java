package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.SentChunk.State;
import dev.nearhand.transport.sctp.packet.SackChunk;
import dev.nearhand.transport.wire.Serial32;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything sent and not cumulatively acknowledged, in a ring indexed by TSN, and the sums over it. One pass over it
/// handles a SACK.
final class SentChunks {
    /// Chunks that may be outstanding: half the range of a stream sequence number and of a gap block's offset, so that
    /// neither is ambiguous.
    static final int LIMIT = 32_000;

    private static final int INITIAL_CAPACITY = 64;

    /// What a SACK did.
    static final class Outcome {
        int ackedBytes;
        boolean cumulativeAdvanced;

        /// Of the chunks that were acknowledged for the first time, the one sent last.
        @Nullable
        SentChunk newest;

        /// Whether one of them was overtaken by something that was sent later and acknowledged before.
        boolean reordered;

        /// Whether one of them has come in a packet that not every path carries.
        boolean large;

        private final long acknowledgedOrder;

        /// @param acknowledgedOrder send order of the newest chunk acknowledged before, or -1
        Outcome(long acknowledgedOrder) {
            this.acknowledgedOrder = acknowledgedOrder;
        }
    }

    private @Nullable SentChunk[] ring = new @Nullable SentChunk[INITIAL_CAPACITY];
    private int firstTsn;
    private int nextTsn;
    private int flightBytes;
    private int flightPayloadBytes;
    private int lost;
    private int firstLostTsn;
    private long sendOrder;
    private int ackedAhead;
    private @Nullable SentChunk oldestInFlight;
    private @Nullable SentChunk newestInFlight;

    SentChunks(int initialTsn) {
        this.firstTsn = initialTsn;
        this.nextTsn = initialTsn;
    }

    /// The lowest TSN that is not cumulatively acknowledged.
    int firstTsn() {
        return firstTsn;
    }

    int nextTsn() {
        return nextTsn;
    }

    boolean isEmpty() {
        return firstTsn == nextTsn;
    }

    boolean isFull() {
        return nextTsn - firstTsn >= LIMIT;
    }

    int flightBytes() {
        return flightBytes;
    }

    /// The flight without headers, as the peer's window counts it.
    int flightPayloadBytes() {
        return flightPayloadBytes;
    }

    /// Chunks acknowledged in gap blocks.
    int ackedAhead() {
        return ackedAhead;
    }

    /// The chunk in flight that was sent first, or null.
    @Nullable
    SentChunk oldestInFlight() {
        return oldestInFlight;
    }

    /// The chunk in flight that was sent last, or null.
    @Nullable
    SentChunk newestInFlight() {
        return newestInFlight;
    }

    boolean hasLost() {
        return lost > 0;
    }

    /// The outstanding chunk of a TSN between [#firstTsn] and [#nextTsn].
    SentChunk at(int tsn) {
        return Objects.requireNonNull(ring[tsn & (ring.length - 1)]);
    }

    /// Gives a chunk the next TSN.
    void append(SentChunk chunk) {
        if (nextTsn - firstTsn == ring.length) {
            grow();
        }
        chunk.tsn = nextTsn;
        ring[nextTsn & (ring.length - 1)] = chunk;
        nextTsn++;
    }

    /// The chunk is being written into a packet.
    void onSent(SentChunk chunk, long nowNanos) {
        setState(chunk, State.IN_FLIGHT);
        chunk.transmissions++;
        chunk.sentNanos = nowNanos;
        chunk.sendOrder = sendOrder++;
    }

    void setState(SentChunk chunk, State next) {
        if (chunk.state == State.IN_FLIGHT) {
            flightBytes -= chunk.sizeBytes();
            flightPayloadBytes -= chunk.length;
            unlink(chunk);
        } else if (chunk.state == State.LOST) {
            lost--;
        } else if (chunk.state == State.ACKED) {
            ackedAhead--;
        }
        if (next == State.IN_FLIGHT) {
            flightBytes += chunk.sizeBytes();
            flightPayloadBytes += chunk.length;
            link(chunk);
        } else if (next == State.ACKED) {
            ackedAhead++;
        } else if (next == State.LOST) {
            if (lost == 0 || Serial32.isNewer(firstLostTsn, chunk.tsn)) {
                firstLostTsn = chunk.tsn;
            }
            lost++;
        }
        chunk.state = next;
    }

    private void link(SentChunk chunk) {
        chunk.sentBefore = newestInFlight;
        if (newestInFlight == null) {
            oldestInFlight = chunk;
        } else {
            newestInFlight.sentAfter = chunk;
        }
        newestInFlight = chunk;
    }

    private void unlink(SentChunk chunk) {
        SentChunk before = chunk.sentBefore;
        SentChunk after = chunk.sentAfter;
        if (before == null) {
            oldestInFlight = after;
        } else {
            before.sentAfter = after;
        }
        if (after == null) {
            newestInFlight = before;
        } else {
            after.sentBefore = before;
        }
        chunk.sentBefore = null;
        chunk.sentAfter = null;
    }

    /// The lost chunk with the lowest TSN, or null.
    @Nullable
    SentChunk firstLost() {
        if (lost == 0) {
            return null;
        }
        if (Serial32.isNewer(firstTsn, firstLostTsn)) {
            firstLostTsn = firstTsn;
        }
        while (at(firstLostTsn).state != State.LOST) {
            firstLostTsn++;
        }
        return at(firstLostTsn);
    }

    /// Whether a SACK speaks of what was sent, and is not older than one before; counts those that do not.
    boolean covers(int cumulativeTsn, Counters counters) {
        if (Serial32.isNewerOrEqual(cumulativeTsn, firstTsn - 1) && Serial32.isNewer(nextTsn, cumulativeTsn)) {
            return true;
        }
        boolean old = Serial32.isNewer(firstTsn, cumulativeTsn);
        counters.drop(old ? DropReason.OLD_SACK : DropReason.BAD_SACK);
        return false;
    }

    /// Takes a cumulative acknowledgement that [#covers] approved.
    void acknowledgeTo(int cumulativeTsn, Outcome outcome) {
        while (Serial32.isNewerOrEqual(cumulativeTsn, firstTsn)) {
            SentChunk chunk = at(firstTsn);
            acknowledge(chunk, outcome);
            if (chunk.state == State.ACKED) {
                ackedAhead--;
            }
            ring[firstTsn & (ring.length - 1)] = null;
            firstTsn++;
            outcome.cumulativeAdvanced = true;
        }
    }

    /// Takes gap blocks; answers how many of them made no sense. Blocks come in ascending order, as every stack sends
    /// them; others are passed over, so that no chunk is looked at twice.
    int acknowledgeGaps(SackChunk sack, Outcome outcome) {
        int bad = 0;
        int previousEnd = 0;
        int sent = nextTsn - 1 - sack.cumulativeTsn();
        for (int i = 0; i < sack.gapCount(); i++) {
            int start = sack.gapStart(i);
            int end = sack.gapEnd(i);
            // offset 1 would have been acknowledged cumulatively, but a confused peer must not stop the rest
            if (start <= previousEnd || end < start || end > sent) {
                bad++;
                continue;
            }
            for (int offset = start; offset <= end; offset++) {
                acknowledge(at(sack.cumulativeTsn() + offset), outcome);
            }
            previousEnd = end;
        }
        return bad;
    }

    /// The peer has thrown away what it had acknowledged in gap blocks (RFC 9260 section 6.2.1, it may): all of it
    /// counts as lost.
    void loseAllAcked() {
        for (int tsn = firstTsn; tsn != nextTsn; tsn++) {
            SentChunk chunk = at(tsn);
            if (chunk.state == State.ACKED) {
                setState(chunk, State.LOST);
            }
        }
    }

    /// The messages of all outstanding chunks that were not given up, in the order of their first ones.
    Collection<OutgoingMessage> messages() {
        Set<OutgoingMessage> messages = new LinkedHashSet<>();
        for (int tsn = firstTsn; tsn != nextTsn; tsn++) {
            OutgoingMessage message = at(tsn).message;
            if (!message.abandoned) {
                messages.add(message);
            }
        }
        return messages;
    }

    /// The peer begins anew: nothing sent counts any more.
    void restart(int initialTsn) {
        ring = new @Nullable SentChunk[INITIAL_CAPACITY];
        firstTsn = initialTsn;
        nextTsn = initialTsn;
        flightBytes = 0;
        flightPayloadBytes = 0;
        lost = 0;
        ackedAhead = 0;
        oldestInFlight = null;
        newestInFlight = null;
    }

    private void acknowledge(SentChunk chunk, Outcome outcome) {
        switch (chunk.state) {
            case IN_FLIGHT, LOST -> {
                outcome.ackedBytes += chunk.sizeBytes();
                if (outcome.newest == null || chunk.sendOrder > outcome.newest.sendOrder) {
                    outcome.newest = chunk;
                }
                outcome.large |= chunk.large;
                outcome.reordered |=
                        chunk.transmissions == 1 && chunk.copies == 0 && chunk.sendOrder < outcome.acknowledgedOrder;
                setState(chunk, State.ACKED);
            }
            case NEW, ACKED, ABANDONED -> {}
        }
    }

    private void grow() {
        @Nullable SentChunk[] larger = new @Nullable SentChunk[ring.length * 2];
        for (SentChunk chunk : ring) {
            if (chunk != null) {
                larger[chunk.tsn & (larger.length - 1)] = chunk;
            }
        }
        ring = larger;
    }
}
