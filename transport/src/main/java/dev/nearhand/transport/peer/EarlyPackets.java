package dev.nearhand.transport.peer;

import dev.nearhand.transport.wire.Path;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Datagrams that came before they can be understood: a handshake before the answer is applied, media before the keys.
///
/// A lost first flight costs up to a second, so what comes first is kept; when full, what comes later is dropped.
final class EarlyPackets {
    static final int PACKETS_LIMIT = 64;
    static final int BYTES_LIMIT = 96 * 1024;

    /// A copy of a datagram.
    record Packet(ByteBuffer datagram, Path path) {}

    private final Deque<Packet> packets = new ArrayDeque<>();
    private int bytes;
    private long dropped;

    void keep(ByteBuffer borrowed, Path path) {
        int length = borrowed.remaining();
        if (packets.size() == PACKETS_LIMIT || bytes + length > BYTES_LIMIT) {
            dropped++;
            return;
        }
        bytes += length;
        packets.add(
                new Packet(ByteBuffer.allocate(length).put(borrowed.duplicate()).flip(), path));
    }

    @Nullable
    Packet poll() {
        Packet packet = packets.poll();
        if (packet != null) {
            bytes -= packet.datagram().remaining();
        }
        return packet;
    }

    int size() {
        return packets.size();
    }

    long dropped() {
        return dropped;
    }

    void clear() {
        packets.clear();
        bytes = 0;
    }
}
