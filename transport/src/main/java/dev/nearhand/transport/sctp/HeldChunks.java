package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.wire.Serial32;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// DATA chunks that arrived ahead of the cumulative TSN, in a ring indexed by TSN.
///
/// Neighbours of one message form a run, known at both its ends, so that a chunk that completes a message is seen in
/// constant time however many there are. Bounded by [ReceivedTsns#SPAN_LIMIT] and by the receive window.
final class HeldChunks {
    /// What a held chunk costs beside its payload, so that tiny ones are bounded too.
    static final int OVERHEAD_BYTES = 64;

    private static final int INITIAL_CAPACITY = 256;

    /// Chunks of one message with consecutive TSNs.
    static final class Run {
        private int firstTsn;
        private int lastTsn;
        private boolean hasBegin;
        private boolean hasEnd;
        private int bytes;

        private Run(DataChunk chunk) {
            firstTsn = chunk.tsn();
            lastTsn = chunk.tsn();
            hasBegin = chunk.isBegin();
            hasEnd = chunk.isEnd();
            bytes = chunk.payload().remaining();
        }

        boolean isComplete() {
            return hasBegin && hasEnd;
        }

        int firstTsn() {
            return firstTsn;
        }

        int bytes() {
            return bytes;
        }

        private void append(Run right) {
            lastTsn = right.lastTsn;
            hasEnd = right.hasEnd;
            bytes += right.bytes;
        }
    }

    private static final class Held {
        private final DataChunk chunk;
        private Run run;

        private Held(DataChunk chunk) {
            this.chunk = chunk;
            this.run = new Run(chunk);
        }
    }

    private @Nullable Held[] ring = new @Nullable Held[INITIAL_CAPACITY];
    private int count;
    private long bytes;

    /// Payloads held, with their overhead.
    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// Keeps a copy of a chunk `ahead` TSNs beyond the cumulative one, and answers the run it now belongs to.
    Run add(DataChunk chunk, int ahead) {
        ensureCapacity(ahead);
        ByteBuffer payload = ByteBuffer.allocate(chunk.payload().remaining());
        payload.put(chunk.payload().duplicate()).flip();
        Held held = new Held(
                new DataChunk(chunk.flags(), chunk.tsn(), chunk.streamId(), chunk.ssn(), chunk.ppid(), payload));
        ring[index(chunk.tsn())] = held;
        count++;
        bytes += cost(held);
        join(at(chunk.tsn() - 1), held);
        join(held, at(chunk.tsn() + 1));
        return held.run;
    }

    /// Takes out the chunk of a TSN, if it is held.
    @Nullable
    DataChunk take(int tsn) {
        Held held = at(tsn);
        if (held == null) {
            return null;
        }
        ring[index(tsn)] = null;
        count--;
        bytes -= cost(held);
        return held.chunk;
    }

    /// Takes out all chunks of a complete run and puts their payloads together.
    ByteBuffer takeMessage(Run run) {
        ByteBuffer message = ByteBuffer.allocate(run.bytes);
        for (int tsn = run.firstTsn; Serial32.isNewerOrEqual(run.lastTsn, tsn); tsn++) {
            DataChunk chunk = take(tsn);
            if (chunk != null) {
                message.put(chunk.payload());
            }
        }
        return message.flip();
    }

    void clear() {
        ring = new @Nullable Held[INITIAL_CAPACITY];
        count = 0;
        bytes = 0;
    }

    /// How many TSNs the ring spans at most.
    int capacity() {
        return ring.length;
    }

    private @Nullable Held at(int tsn) {
        Held held = ring[index(tsn)];
        return held != null && held.chunk.tsn() == tsn ? held : null;
    }

    private void join(@Nullable Held left, @Nullable Held right) {
        if (left == null || right == null || left.chunk.isEnd() || !belongTogether(left.chunk, right.chunk)) {
            return;
        }
        Run run = left.run;
        run.append(right.run);
        Held last = at(run.lastTsn);
        Held first = at(run.firstTsn);
        if (last != null) {
            last.run = run;
        }
        if (first != null) {
            first.run = run;
        }
        right.run = run;
        left.run = run;
    }

    private static boolean belongTogether(DataChunk left, DataChunk right) {
        return !right.isBegin()
                && left.streamId() == right.streamId()
                && left.isUnordered() == right.isUnordered()
                && (left.isUnordered() || left.ssn() == right.ssn());
    }

    private void ensureCapacity(int ahead) {
        if (ahead <= ring.length - 2) {
            return;
        }
        @Nullable Held[] old = ring;
        ring = new @Nullable Held[Integer.highestOneBit(ahead + 2) * 2];
        for (Held held : old) {
            if (held != null) {
                ring[index(held.chunk.tsn())] = held;
            }
        }
    }

    private int index(int tsn) {
        return tsn & (ring.length - 1);
    }

    private static long cost(Held held) {
        return (long) held.chunk.payload().remaining() + OVERHEAD_BYTES;
    }
}
