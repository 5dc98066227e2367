package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.Chunk;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Control chunks that wait for the next packet. Chunks are held as values of their own: whoever queues one that was
/// parsed from a packet copies its bytes first.
///
/// Bounded; when full the newest is dropped and counted, because every request on the wire is repeated by its sender.
final class ControlQueue {
    static final int LIMIT = 32;

    /// A chunk that travels alone, under a tag of its own: INIT, INIT ACK, and answers to strangers.
    record Lone(int tag, Chunk chunk) {}

    private final ArrayDeque<Lone> lone = new ArrayDeque<>();
    private final ArrayDeque<Chunk> bundled = new ArrayDeque<>();
    private final Counters counters;

    ControlQueue(Counters counters) {
        this.counters = counters;
    }

    void addLone(int tag, Chunk chunk) {
        if (lone.size() < LIMIT) {
            lone.add(new Lone(tag, chunk));
        } else {
            counters.drop(DropReason.CONTROL_QUEUE_FULL);
        }
    }

    void add(Chunk chunk) {
        if (bundled.size() < LIMIT) {
            bundled.add(chunk);
        } else {
            counters.drop(DropReason.CONTROL_QUEUE_FULL);
        }
    }

    /// For the one chunk that "MUST be the first chunk in the packet".
    void addFirst(Chunk chunk) {
        bundled.addFirst(chunk); // at most one above the limit: whoever sends it takes the last one back before
    }

    @Nullable
    Lone pollLone() {
        return lone.poll();
    }

    @Nullable
    Chunk peek() {
        return bundled.peek();
    }

    void remove() {
        bundled.remove();
    }

    boolean isEmpty() {
        return bundled.isEmpty();
    }

    void clear() {
        lone.clear();
        bundled.clear();
    }

    /// Takes back chunks of a type that the state has made pointless.
    void removeType(int type) {
        bundled.removeIf(chunk -> chunk.type() == type);
        lone.removeIf(each -> each.chunk.type() == type);
    }
}
