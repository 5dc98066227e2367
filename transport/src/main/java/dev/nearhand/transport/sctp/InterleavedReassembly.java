package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.InterleavedDataChunk;
import dev.nearhand.transport.sctp.packet.InterleavedForwardTsnChunk;
import dev.nearhand.transport.wire.Serial32;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts I-DATA together into messages and hands them over in the order of their streams
/// ([RFC 8260 section 2.2.3](https://www.rfc-editor.org/rfc/rfc8260#section-2.2.3)).
///
/// What cannot be used yet counts against the receive window: fragments ahead of a gap, whole messages ahead of their
/// turn, and an overhead for each message. Messages that grow in sequence do not, since one may be larger than the
/// window; together they are bounded by twice the largest message, and a peer that goes beyond is cut off.
final class InterleavedReassembly {
    /// The messages of one stream that are not handed over; bounded as above.
    private static final class Stream {
        private final Map<Integer, PartialMessage> ordered = new HashMap<>();
        private final Map<Integer, PartialMessage> unordered = new HashMap<>();
        private int nextMid;

        /// What the last message came to, as the next one likely does.
        private int lastBytes;

        /// The message that the last fragment belonged to, as the next one likely does.
        private @Nullable PartialMessage latest;

        private int latestMid;
        private boolean latestUnordered;
    }

    /// So much room a message has from the start at most, before it has come.
    private static final int MOST_EXPECTED_BYTES = 1 << 18;

    /// With so many messages unfinished, none is given room ahead: what a peer makes this side keep stays bounded.
    private static final int MOST_WITH_ROOM = 16;

    private final int maxMessageBytes;
    private final InboundStream.Sink sink;
    private final Counters counters;
    /// One for each stream that carried a message, at most as many as were agreed on.
    private final Map<Integer, Stream> streams = new HashMap<>();

    private long growingBytes;
    private long waitingBytes;
    private int partial;
    private @Nullable Stream lastStream;
    private int lastStreamId;
    private @Nullable String violation;

    InterleavedReassembly(int maxMessageBytes, InboundStream.Sink sink, Counters counters) {
        this.maxMessageBytes = maxMessageBytes;
        this.sink = sink;
        this.counters = counters;
    }

    /// What counts against the receive window.
    long heldBytes() {
        return waitingBytes;
    }

    /// Why the association cannot go on, once the peer broke the rules.
    @Nullable
    String violation() {
        return violation;
    }

    /// Takes a chunk whose TSN is new.
    void add(InterleavedDataChunk chunk) {
        Stream stream = stream(chunk.streamId());
        if (!chunk.isUnordered() && Serial32.isNewer(stream.nextMid, chunk.mid())) {
            counters.drop(DropReason.OLD_SEQUENCE);
            return;
        }
        if (isWholeAndNext(chunk, stream)) {
            deliverWhole(chunk, stream);
            return;
        }
        PartialMessage message = message(chunk, stream);
        uncount(message);
        String wrong = message.add(chunk, maxMessageBytes);
        count(message);
        if (wrong != null) {
            violation = wrong;
        } else if (message.isComplete()) {
            if (chunk.isUnordered()) {
                take(chunk.streamId(), stream, stream.unordered, chunk.mid());
            } else {
                deliverInOrder(chunk.streamId(), stream);
            }
        }
        if (growingBytes > 2L * maxMessageBytes) {
            violation = "more messages are unfinished than this side takes";
        }
    }

    /// Whether there is nothing to put together, and nothing to wait for: most small messages.
    private boolean isWholeAndNext(InterleavedDataChunk chunk, Stream stream) {
        if (!chunk.isBegin() || !chunk.isEnd() || chunk.payload().remaining() > maxMessageBytes) {
            return false;
        }
        return chunk.isUnordered()
                ? !stream.unordered.containsKey(chunk.mid())
                : chunk.mid() == stream.nextMid && !stream.ordered.containsKey(chunk.mid());
    }

    private void deliverWhole(InterleavedDataChunk chunk, Stream stream) {
        ByteBuffer copy = ByteBuffer.allocate(chunk.payload().remaining());
        copy.put(chunk.payload().duplicate()).flip();
        stream.lastBytes = Math.min(copy.remaining(), MOST_EXPECTED_BYTES);
        sink.deliver(chunk.streamId(), chunk.ppid(), copy);
        if (!chunk.isUnordered()) {
            stream.nextMid++;
            deliverInOrder(chunk.streamId(), stream);
        }
    }

    private Stream stream(int id) {
        Stream last = lastStream;
        if (last == null || lastStreamId != id) {
            last = streams.computeIfAbsent(id, _ -> new Stream());
            lastStream = last;
            lastStreamId = id;
        }
        return last;
    }

    private PartialMessage message(InterleavedDataChunk chunk, Stream stream) {
        PartialMessage message = stream.latest;
        if (message != null && stream.latestMid == chunk.mid() && stream.latestUnordered == chunk.isUnordered()) {
            return message;
        }
        Map<Integer, PartialMessage> messages = chunk.isUnordered() ? stream.unordered : stream.ordered;
        message = messages.get(chunk.mid());
        if (message == null) {
            message = new PartialMessage(partial < MOST_WITH_ROOM ? stream.lastBytes : 0);
            partial++;
            messages.put(chunk.mid(), message);
            waitingBytes += PartialMessage.OVERHEAD_BYTES;
        }
        stream.latest = message;
        stream.latestMid = chunk.mid();
        stream.latestUnordered = chunk.isUnordered();
        return message;
    }

    /// The peer has abandoned what is missing of this message and those before it (section 2.3.1).
    void skip(InterleavedForwardTsnChunk.Skipped skipped) {
        Stream stream = stream(skipped.streamId());
        stream.latest = null;
        if (skipped.unordered()) {
            dropUnfinished(stream.unordered, skipped.mid());
        } else if (Serial32.isNewerOrEqual(skipped.mid(), stream.nextMid)) {
            skip(skipped.streamId(), stream, skipped.mid());
        }
    }

    private void skip(int streamId, Stream stream, int lastMid) {
        dropUnfinished(stream.ordered, lastMid);
        stream.ordered.keySet().stream()
                .filter(mid -> Serial32.isNewerOrEqual(lastMid, mid))
                .sorted((one, other) -> Serial32.distance(one, other))
                .toList()
                .forEach(mid -> take(streamId, stream, stream.ordered, mid));
        stream.nextMid = lastMid + 1;
        deliverInOrder(streamId, stream);
    }

    private void dropUnfinished(Map<Integer, PartialMessage> messages, int lastMid) {
        messages.entrySet().removeIf(each -> {
            boolean gone = Serial32.isNewerOrEqual(lastMid, each.getKey())
                    && !each.getValue().isComplete();
            if (gone) {
                forget(each.getValue());
                counters.drop(DropReason.ABANDONED_FRAGMENT);
            }
            return gone;
        });
    }

    /// The peer begins these streams anew; none named means all.
    void resetStreams(Collection<Integer> ids) {
        lastStream = null;
        for (int id : ids.isEmpty() ? streams.keySet().stream().toList() : ids) {
            Stream stream = streams.remove(id);
            if (stream != null) {
                stream.ordered.values().forEach(this::forget);
                stream.unordered.values().forEach(this::forget);
            }
        }
    }

    private void deliverInOrder(int streamId, Stream stream) {
        for (PartialMessage next = stream.ordered.get(stream.nextMid);
                next != null && next.isComplete();
                next = stream.ordered.get(stream.nextMid)) {
            take(streamId, stream, stream.ordered, stream.nextMid);
            stream.nextMid++;
        }
    }

    private void take(int streamId, Stream stream, Map<Integer, PartialMessage> messages, int mid) {
        PartialMessage message = messages.remove(mid);
        stream.latest = null;
        if (message != null) {
            forget(message);
            stream.lastBytes = Math.min(message.length(), MOST_EXPECTED_BYTES);
            sink.deliver(streamId, message.ppid(), message.message());
        }
    }

    private void forget(PartialMessage message) {
        partial--;
        uncount(message);
        waitingBytes -= PartialMessage.OVERHEAD_BYTES;
    }

    private void count(PartialMessage message) {
        account(message, 1);
    }

    private void uncount(PartialMessage message) {
        account(message, -1);
    }

    private void account(PartialMessage message, int sign) {
        waitingBytes += sign * message.aheadBytes();
        if (message.isComplete()) {
            waitingBytes += (long) sign * message.length();
        } else {
            growingBytes += (long) sign * message.length();
        }
    }
}
