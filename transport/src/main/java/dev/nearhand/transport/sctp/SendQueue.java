package dev.nearhand.transport.sctp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Messages that wait for their first transmission, cut into fragments on demand.
///
/// Streams take turns by weighted fair queueing over their priorities (RFC 8831 section 6.4, RFC 8260 section 3.6).
/// With I-DATA they do so fragment by fragment, so that a large message holds up nobody. With DATA, message by message:
/// the fragments of a message have consecutive TSNs, so a message that was begun is finished first.
///
/// Bounded by `sendBufferBytes`, in which every message counts its bytes and an overhead; when full, nothing more is
/// taken.
final class SendQueue {
    /// What a queued message costs beside its bytes, so that tiny ones are bounded too.
    static final int MESSAGE_OVERHEAD_BYTES = 128;

    /// A fragment smaller than this is not made only because a packet is nearly full.
    private static final int MIN_FRAGMENT_BYTES = 512;

    private static final Comparator<OutboundStream> BY_TURN = Comparator.<OutboundStream>comparingLong(
                    stream -> stream.virtualTime)
            .thenComparingInt(stream -> stream.id);

    private final int limitBytes;
    private final EventQueue events;
    private final Counters counters;
    /// One for each stream that was ever used, at most 65,535.
    private final Map<Integer, OutboundStream> streams = new HashMap<>();
    private final PriorityQueue<OutboundStream> turns = new PriorityQueue<>(BY_TURN);

    /// Those of them that are redundant.
    private final List<OutboundStream> redundantStreams = new ArrayList<>();

    private @Nullable OutboundStream current;

    /// The stream that was looked up last, which is mostly asked for again.
    private @Nullable OutboundStream lastAsked;

    private long virtualNow;
    private long bufferedBytes;
    private long costBytes;
    private boolean refused;
    private boolean interleaving;

    SendQueue(int limitBytes, EventQueue events, Counters counters) {
        this.limitBytes = limitBytes;
        this.events = events;
        this.counters = counters;
    }

    /// The peer is known: whether it takes fragments of several messages in turns. Before the first fragment is cut.
    void setInterleaving(boolean spoken) {
        interleaving = spoken;
    }

    /// What the header of a chunk takes.
    int overheadBytes() {
        return SentChunk.overheadBytes(interleaving);
    }

    /// Takes a message, unless there is no room or the stream is being reset.
    SendResult offer(OutgoingMessage message) {
        OutboundStream stream = stream(message.streamId);
        if (stream.resetting) {
            return SendResult.STREAM_RESETTING;
        }
        long cost = cost(message);
        // a message may always wait alone, however large
        if (costBytes > 0 && costBytes + cost > limitBytes) {
            refused = true;
            return SendResult.BUFFER_FULL;
        }
        if (stream.messages.isEmpty() && stream != current) {
            stream.virtualTime = Math.max(stream.virtualTime, virtualNow);
            turns.add(stream);
        }
        stream.messages.add(message);
        stream.bufferedBytes += message.bytes.length;
        bufferedBytes += message.bytes.length;
        costBytes += cost;
        counters.messagesSent++;
        return SendResult.ACCEPTED;
    }

    boolean isEmpty() {
        return costBytes == 0;
    }

    long bufferedBytes() {
        return bufferedBytes;
    }

    long bufferedBytes(int streamId) {
        OutboundStream stream = present(streamId);
        return stream == null ? 0 : stream.bufferedBytes;
    }

    void setLowThreshold(int streamId, long bytes) {
        stream(streamId).lowThresholdBytes = bytes;
    }

    void setWeight(int streamId, int weight) {
        stream(streamId).weight = Math.max(1, weight);
    }

    void setRedundant(int streamId, boolean redundant) {
        OutboundStream stream = stream(streamId);
        stream.redundant = redundant;
        redundantStreams.remove(stream);
        if (redundant) {
            redundantStreams.add(stream);
        }
    }

    boolean isRedundant(int streamId) {
        OutboundStream stream = present(streamId);
        return stream != null && stream.redundant;
    }

    /// Cuts the next fragment, of at most `fullBytes`. Null when nothing waits, or when it is better to begin a new
    /// packet for it than to squeeze it into the `roomBytes` that are left in this one.
    @Nullable
    SentChunk next(long nowNanos, int roomBytes, int fullBytes) {
        OutgoingMessage message = head(nowNanos);
        if (message == null) {
            return null;
        }
        int length = Math.min(message.remaining(), fullBytes);
        if (length > roomBytes) {
            if (roomBytes < MIN_FRAGMENT_BYTES) {
                return null;
            }
            length = roomBytes;
        }
        return cut(message, stream(message.streamId), length);
    }

    /// The next message of a redundant stream, or of the stream whose turn it is if it has nothing else to send; out
    /// of turn, whole, and only if it is an event. Null when there is none, when it does not fit, or when a message
    /// that was begun must be finished first.
    @Nullable
    SentChunk nextEvent(long nowNanos, int roomBytes) {
        if (current != null) {
            return null;
        }
        for (OutboundStream stream : redundantStreams) {
            OutgoingMessage message = stream.messages.peek();
            if (message != null && isEvent(message, nowNanos, roomBytes)) {
                return cut(message, stream, message.bytes.length);
            }
        }
        OutgoingMessage message = head(nowNanos);
        OutboundStream stream = turns.peek();
        if (message != null && stream != null && stream.messages.size() == 1 && isEvent(message, nowNanos, roomBytes)) {
            return cut(message, stream, message.bytes.length);
        }
        return null;
    }

    private static boolean isEvent(OutgoingMessage message, long nowNanos, int roomBytes) {
        return !message.isBegun()
                && !message.isExpired(nowNanos)
                && message.bytes.length <= Math.min(roomBytes, Redundancy.MAX_MESSAGE_BYTES);
    }

    private SentChunk cut(OutgoingMessage message, OutboundStream stream, int length) {
        if (!message.isBegun()) {
            number(message, stream);
        }
        SentChunk chunk = new SentChunk(message, message.offset, length);
        message.offset += length;
        consumed(stream, length);
        if (message.remaining() == 0) {
            finish(stream, interleaving ? length : message.bytes.length);
        } else if (interleaving) {
            endTurn(stream, length);
        } else if (current == null) {
            turns.remove(stream);
            current = stream;
        }
        return chunk;
    }

    private void number(OutgoingMessage message, OutboundStream stream) {
        message.interleaved = interleaving;
        if (interleaving) {
            message.ssn = message.unordered ? stream.nextUnorderedMid++ : stream.nextSsn++;
        } else if (!message.unordered) {
            message.ssn = stream.nextSsn;
            stream.nextSsn = (stream.nextSsn + 1) & 0xFFFF;
        }
    }

    /// How large the next fragment can be without being cut; 0 when nothing waits.
    int nextBytes(long nowNanos) {
        OutgoingMessage message = head(nowNanos);
        return message == null ? 0 : message.remaining();
    }

    /// Drops the rest of a message that was begun and is given up.
    void abandon(OutgoingMessage message) {
        OutboundStream stream = stream(message.streamId);
        if (stream.messages.peek() == message) {
            int rest = message.remaining();
            message.offset = message.bytes.length;
            consumed(stream, rest);
            finish(stream, interleaving ? 0 : message.bytes.length);
        }
    }

    /// Stops a stream: what waits is sent, more is refused until [#endReset].
    void beginReset(int streamId) {
        stream(streamId).resetting = true;
    }

    void endReset(int streamId, boolean performed) {
        OutboundStream stream = stream(streamId);
        stream.resetting = false;
        if (performed) {
            stream.nextSsn = 0;
            stream.nextUnorderedMid = 0;
        }
    }

    boolean isDrained(int streamId) {
        OutboundStream stream = streams.get(streamId);
        return stream == null || stream.messages.isEmpty();
    }

    /// Forgets all that waits on streams that the peer does not take; answers which they were.
    List<Integer> dropFrom(int firstRefused) {
        List<Integer> dropped = new ArrayList<>();
        for (OutboundStream stream : streams.values()) {
            if (stream.id >= firstRefused && !stream.messages.isEmpty()) {
                dropped.add(stream.id);
                drop(stream);
            }
        }
        return dropped;
    }

    /// The peer begins anew: so do the stream sequence numbers, and what was sent in part begins again.
    void restart() {
        if (current != null) {
            turns.add(current);
            current = null;
        }
        for (OutboundStream stream : streams.values()) {
            OutgoingMessage begun = stream.messages.peek();
            if (begun != null) {
                stream.bufferedBytes += begun.offset;
                bufferedBytes += begun.offset;
                begun.offset = 0;
                begun.fragments = 0;
            }
            stream.nextSsn = 0;
            stream.nextUnorderedMid = 0;
            stream.resetting = false;
        }
    }

    /// These have been sent, whole or in part, and nothing but these; that does not count: they wait again, before
    /// everything else of their streams.
    void takeBack(Collection<OutgoingMessage> sentFirst) {
        restart();
        List<OutgoingMessage> whole = new ArrayList<>(sentFirst);
        whole.removeIf(message -> stream(message.streamId).messages.peek() == message);
        for (OutgoingMessage message : whole.reversed()) {
            OutboundStream stream = stream(message.streamId);
            message.offset = 0;
            message.fragments = 0;
            if (stream.messages.isEmpty()) {
                turns.add(stream);
            }
            stream.messages.addFirst(message);
            stream.bufferedBytes += message.bytes.length;
            bufferedBytes += message.bytes.length;
            costBytes += cost(message);
        }
    }

    void clear() {
        streams.clear();
        lastAsked = null;
        redundantStreams.clear();
        turns.clear();
        current = null;
        bufferedBytes = 0;
        costBytes = 0;
    }

    private @Nullable OutgoingMessage head(long nowNanos) {
        if (current != null) {
            return current.messages.peek();
        }
        for (OutboundStream stream = turns.peek(); stream != null; stream = turns.peek()) {
            OutgoingMessage message = stream.messages.peek();
            if (message == null) {
                turns.remove();
            } else if (!message.isBegun() && message.isExpired(nowNanos)) {
                counters.abandonedMessages++;
                consumed(stream, message.remaining());
                finish(stream, message.bytes.length);
            } else {
                return message;
            }
        }
        return null;
    }

    /// @param bytes what the stream's turn has cost
    private void finish(OutboundStream stream, long bytes) {
        OutgoingMessage message = stream.messages.remove();
        costBytes -= cost(message);
        endTurn(stream, bytes);
        if (refused && costBytes <= limitBytes / 2) {
            refused = false;
            events.add(new SctpEvent.SendBufferAvailable());
        }
    }

    private void endTurn(OutboundStream stream, long bytes) {
        virtualNow = Math.max(virtualNow, stream.virtualTime);
        if (stream == current) {
            current = null;
        } else {
            turns.remove(stream);
        }
        stream.virtualTime += bytes * OutboundStream.DEFAULT_WEIGHT / stream.weight + 1;
        if (!stream.messages.isEmpty()) {
            turns.add(stream);
        }
    }

    private void consumed(OutboundStream stream, int length) {
        boolean wasAbove = stream.bufferedBytes > stream.lowThresholdBytes;
        stream.bufferedBytes -= length;
        bufferedBytes -= length;
        if (wasAbove && stream.bufferedBytes <= stream.lowThresholdBytes) {
            events.add(new SctpEvent.BufferedAmountLow(stream.id));
        }
    }

    private void drop(OutboundStream stream) {
        for (OutgoingMessage message : stream.messages) {
            costBytes -= cost(message);
            bufferedBytes -= message.remaining();
        }
        stream.messages.clear();
        stream.bufferedBytes = 0;
        turns.remove(stream);
    }

    private OutboundStream stream(int id) {
        OutboundStream last = lastAsked;
        if (last == null || last.id != id) {
            last = streams.computeIfAbsent(id, OutboundStream::new);
            lastAsked = last;
        }
        return last;
    }

    private @Nullable OutboundStream present(int id) {
        OutboundStream last = lastAsked;
        return last != null && last.id == id ? last : streams.get(id);
    }

    private static long cost(OutgoingMessage message) {
        return (long) message.bytes.length + MESSAGE_OVERHEAD_BYTES;
    }
}
