package dev.nearhand.transport.congestion;

import dev.nearhand.transport.rtcp.RtcpPacket.TransportFeedback;
import dev.nearhand.transport.wire.Seq16;
import java.util.ArrayList;
import java.util.List;

/// The packets that feedback may still be about, by transport-wide sequence number.
///
/// The last [#CAPACITY] of them; feedback about older ones is passed over.
final class SentHistory {
    static final int CAPACITY = 8_192;

    private static final int REFERENCE_BITS = 24;

    private enum State {
        IN_FLIGHT,
        LOST,
        ARRIVED
    }

    private static final class Entry {
        long sequence = -1;
        long sentNanos;
        int bytes;
        int probe;
        State state = State.IN_FLIGHT;
    }

    private final Entry[] entries = new Entry[CAPACITY];
    private long nextSequence;
    private long reference;
    private boolean hasReference;
    private long newestSentNanos;

    SentHistory() {
        for (int i = 0; i < CAPACITY; i++) {
            entries[i] = new Entry();
        }
    }

    /// The number of the next packet, of which 16 bits go on the wire.
    long nextSequence() {
        return nextSequence;
    }

    void sent(long nowNanos, int bytes, int probe) {
        Entry entry = entry(nextSequence);
        entry.sequence = nextSequence++;
        entry.sentNanos = nowNanos;
        entry.bytes = bytes;
        entry.probe = probe;
        entry.state = State.IN_FLIGHT;
    }

    private Entry entry(long sequence) {
        return entries[(int) (sequence & CAPACITY - 1)];
    }

    /// When the newest packet was sent that the last feedback calls arrived.
    long newestSentNanos() {
        return newestSentNanos;
    }

    /// Takes feedback.
    ///
    /// @return what is new in it, in the order in which it was sent. A packet that was called lost may arrive later
    List<PacketResult> handle(TransportFeedback feedback) {
        List<PacketResult> results = new ArrayList<>();
        long first = Seq16.extend(nextSequence, feedback.baseSequence());
        long base = referenceNanos(feedback.referenceTime());
        for (int i = 0; i < feedback.arrivals().size(); i++) {
            long sequence = first + i;
            Entry entry = entry(sequence);
            if (sequence < 0 || sequence >= nextSequence || entry.sequence != sequence) {
                continue; // never sent, or forgotten
            }
            int arrival = feedback.arrivals().get(i);
            if (arrival != TransportFeedback.NOT_RECEIVED && entry.state != State.ARRIVED) {
                entry.state = State.ARRIVED;
                newestSentNanos = Math.max(newestSentNanos, entry.sentNanos);
                long arrivedNanos = base + arrival * TransportFeedback.TICK_NANOS;
                results.add(new PacketResult(entry.sentNanos, arrivedNanos, entry.bytes, entry.probe));
            } else if (arrival == TransportFeedback.NOT_RECEIVED && entry.state == State.IN_FLIGHT) {
                entry.state = State.LOST;
                results.add(new PacketResult(entry.sentNanos, PacketResult.LOST, entry.bytes, entry.probe));
            }
        }
        return results;
    }

    /// The reference time wraps after twelve days: what lies nearest to the last one is meant.
    private long referenceNanos(int wrapped) {
        int shift = Integer.SIZE - REFERENCE_BITS;
        if (hasReference) {
            reference += wrapped - (int) reference << shift >> shift;
        } else {
            reference = wrapped;
            hasReference = true;
        }
        return reference * TransportFeedback.REFERENCE_NANOS;
    }
}
