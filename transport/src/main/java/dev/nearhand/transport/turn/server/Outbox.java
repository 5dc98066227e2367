package dev.nearhand.transport.turn.server;

import dev.nearhand.transport.turn.Counters;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What waits to be sent until the owner asks, which it does after every call.
final class Outbox {
    /// Of each kind; further ones are dropped. One call makes a few at most.
    static final int LIMIT = 64;

    private record Datagram(Path path, byte[] bytes) {}

    private record Message(int stream, byte[] bytes) {}

    private final Counters counters;
    private final Deque<Datagram> datagrams = new ArrayDeque<>();
    private final Deque<Message> messages = new ArrayDeque<>();

    Outbox(Counters counters) {
        this.counters = counters;
    }

    /// @param bytes belong to this from now on
    void add(Client client, byte[] bytes) {
        switch (client) {
            case Client.Datagrams udp -> add(udp.path(), bytes);
            case Client.Stream stream -> {
                if (hasRoom(messages)) {
                    messages.add(new Message(stream.number(), bytes));
                }
            }
        }
    }

    void add(Path path, byte[] bytes) {
        if (hasRoom(datagrams)) {
            datagrams.add(new Datagram(path, bytes));
        }
    }

    private boolean hasRoom(Deque<?> queue) {
        if (queue.size() == LIMIT) {
            counters.count("dropped.outboxFull");
            return false;
        }
        return true;
    }

    @Nullable
    Transmit pollDatagram(ByteBuffer into) {
        for (Datagram next = datagrams.poll(); next != null; next = datagrams.poll()) {
            if (fits(next.bytes, into)) {
                into.put(next.bytes);
                return new Transmit(next.path, next.bytes.length);
            }
        }
        return null;
    }

    @Nullable
    StreamTransmit pollMessage(ByteBuffer into) {
        for (Message next = messages.poll(); next != null; next = messages.poll()) {
            if (fits(next.bytes, into)) {
                into.put(next.bytes);
                return new StreamTransmit(next.stream, next.bytes.length);
            }
        }
        return null;
    }

    private boolean fits(byte[] bytes, ByteBuffer into) {
        boolean sendable = bytes.length > 0 && bytes.length <= into.remaining();
        if (!sendable) {
            counters.count("dropped.size"); // an empty datagram, or one that grew too long when it was wrapped
        }
        return sendable;
    }
}
