package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.sctp.packet.ForwardTsnChunk;
import dev.nearhand.transport.wire.Serial32;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts fragments together into messages and hands them over in the order of their streams
/// ([RFC 9260 section 6.9](https://www.rfc-editor.org/rfc/rfc9260#section-6.9)).
///
/// The fragments of a message have consecutive TSNs, so at the cumulative TSN at most one message is unfinished: it
/// grows in a buffer of its own, bounded by the largest message and not by the receive window, and a message may
/// therefore be larger than the window. What arrived further ahead is held in [HeldChunks]; a message complete there is
/// handed over at once when its stream allows it.
final class Reassembly {
    private static final int FIRST_PARTIAL_BYTES = 8 * 1024;
    private static final String TOO_LARGE = "a message is larger than this side said it takes";

    private final int maxMessageBytes;
    private final InboundStream.Sink sink;
    private final Counters counters;
    private final HeldChunks held = new HeldChunks();
    /// One for each stream that carried an ordered message, at most as many as were agreed on.
    private final Map<Integer, InboundStream> streams = new HashMap<>();

    private int cumulative;
    private long waitingBytes;
    private @Nullable DataChunk partialFirst;
    private byte[] partial = {};
    private int partialLength;
    /// FORWARD TSN cut into a message: what is left of it up to the next beginning is thrown away.
    private boolean skipping;

    private @Nullable String violation;

    Reassembly(int initialTsn, int maxMessageBytes, InboundStream.Sink sink, Counters counters) {
        this.cumulative = initialTsn - 1;
        this.maxMessageBytes = maxMessageBytes;
        this.sink = sink;
        this.counters = counters;
    }

    /// What counts against the receive window: everything but the message that grows at the cumulative TSN.
    long heldBytes() {
        return held.bytes() + waitingBytes;
    }

    /// Why the association cannot go on, once the peer broke the rules.
    @Nullable
    String violation() {
        return violation;
    }

    /// Takes the chunk right behind the cumulative TSN.
    void consumeNext(DataChunk chunk) {
        cumulative = chunk.tsn();
        consume(chunk);
    }

    /// Takes a new chunk further ahead.
    void hold(DataChunk chunk) {
        HeldChunks.Run run = held.add(chunk, Serial32.distance(chunk.tsn(), cumulative));
        if (!run.isComplete() || !Serial32.isNewer(run.firstTsn(), cumulative)) {
            return;
        }
        if (run.bytes() > maxMessageBytes) {
            violation = TOO_LARGE;
            return;
        }
        if (chunk.isUnordered()) {
            sink.deliver(chunk.streamId(), chunk.ppid(), held.takeMessage(run));
        } else if (stream(chunk.streamId()).distance(chunk.ssn()) >= 0) {
            order(chunk, held.takeMessage(run));
        }
    }

    /// Everything up to `tsn` has arrived.
    void advanceTo(int tsn) {
        while (Serial32.isNewer(tsn, cumulative)) {
            if (held.isEmpty()) {
                cumulative = tsn;
                return;
            }
            cumulative++;
            DataChunk chunk = held.take(cumulative);
            if (chunk != null) {
                consume(chunk);
            }
        }
    }

    /// The peer has abandoned what is missing up to `chunk.newCumulativeTsn()`, which lies ahead.
    void forward(ForwardTsnChunk chunk) {
        int target = chunk.newCumulativeTsn();
        if (partialFirst != null) {
            counters.drop(DropReason.ABANDONED_FRAGMENT);
        }
        dropPartial();
        skipping = true;
        if (Serial32.distance(target, cumulative) >= held.capacity()) {
            held.clear();
        }
        while (!held.isEmpty() && Serial32.isNewer(target, cumulative)) {
            cumulative++;
            if (held.take(cumulative) != null) {
                counters.drop(DropReason.ABANDONED_FRAGMENT);
            }
        }
        cumulative = target;
        for (ForwardTsnChunk.Skipped skipped : chunk.skipped()) {
            InboundStream stream = streams.get(skipped.streamId());
            if (stream == null) {
                stream = stream(skipped.streamId());
            }
            long before = stream.waitingBytes();
            stream.skipTo(skipped.ssn(), sink);
            waitingBytes += stream.waitingBytes() - before;
        }
    }

    /// The peer begins these streams anew; none named means all.
    void resetStreams(Collection<Integer> ids) {
        if (ids.isEmpty()) {
            streams.clear();
            waitingBytes = 0;
            return;
        }
        for (int id : ids) {
            InboundStream stream = streams.remove(id);
            if (stream != null) {
                waitingBytes -= stream.waitingBytes();
            }
        }
    }

    private void consume(DataChunk chunk) {
        if (chunk.isBegin()) {
            begin(chunk);
        } else if (partialFirst != null) {
            append(partialFirst, chunk);
        } else if (skipping) {
            counters.drop(DropReason.ABANDONED_FRAGMENT);
        } else {
            violation = "a fragment came without its beginning";
        }
    }

    private void begin(DataChunk chunk) {
        skipping = false;
        if (partialFirst != null) {
            violation = "a message began before another one ended";
            return;
        }
        if (chunk.isEnd()) {
            ByteBuffer message = ByteBuffer.allocate(chunk.payload().remaining());
            finish(chunk, message.put(chunk.payload().duplicate()).flip());
            return;
        }
        // what the payload holds belongs to a datagram that is only lent: remember the header alone
        partialFirst = new DataChunk(
                chunk.flags(), chunk.tsn(), chunk.streamId(), chunk.ssn(), chunk.ppid(), ByteBuffer.allocate(0));
        partial = new byte[FIRST_PARTIAL_BYTES];
        appendBytes(chunk.payload());
    }

    private void append(DataChunk first, DataChunk chunk) {
        if (first.streamId() != chunk.streamId()
                || first.isUnordered() != chunk.isUnordered()
                || !first.isUnordered() && first.ssn() != chunk.ssn()) {
            violation = "fragments of two messages are mixed";
            return;
        }
        appendBytes(chunk.payload());
        if (chunk.isEnd() && violation == null) {
            ByteBuffer message = ByteBuffer.wrap(partial, 0, partialLength);
            dropPartial();
            finish(first, message);
        }
    }

    private void appendBytes(ByteBuffer payload) {
        int length = payload.remaining();
        if (length > maxMessageBytes - partialLength) {
            violation = TOO_LARGE;
            return;
        }
        int needed = partialLength + length;
        if (needed > partial.length) {
            long doubled = Math.max(needed, 2L * partial.length);
            partial = Arrays.copyOf(partial, (int) Math.min(doubled, Math.max(needed, maxMessageBytes)));
        }
        payload.get(payload.position(), partial, partialLength, length);
        partialLength = needed;
    }

    private void finish(DataChunk first, ByteBuffer message) {
        if (first.isUnordered()) {
            sink.deliver(first.streamId(), first.ppid(), message);
        } else if (stream(first.streamId()).distance(first.ssn()) < 0) {
            counters.drop(DropReason.OLD_SEQUENCE);
        } else {
            order(first, message);
        }
    }

    private void order(DataChunk chunk, ByteBuffer message) {
        InboundStream stream = stream(chunk.streamId());
        long before = stream.waitingBytes();
        stream.accept(chunk.ssn(), chunk.ppid(), message, sink);
        waitingBytes += stream.waitingBytes() - before;
    }

    private InboundStream stream(int id) {
        return streams.computeIfAbsent(id, InboundStream::new);
    }

    private void dropPartial() {
        partialFirst = null;
        partial = new byte[0];
        partialLength = 0;
    }
}
