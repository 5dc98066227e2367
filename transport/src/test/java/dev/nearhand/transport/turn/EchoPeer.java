package dev.nearhand.transport.turn;

import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// A peer that sends back what it gets, and reports where from.
final class EchoPeer implements ProtocolCore<Path> {
    private record Answer(Path path, byte[] datagram) {}

    private final Deque<Answer> answers = new ArrayDeque<>();
    private final Deque<Path> heard = new ArrayDeque<>();

    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
        byte[] copy = new byte[borrowed.remaining()];
        borrowed.get(copy);
        answers.add(new Answer(path, copy));
        heard.add(path);
    }

    @Override
    public void handleTimeout(long nowNanos) {}

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        Answer answer = answers.poll();
        if (answer == null) {
            return null;
        }
        into.put(answer.datagram);
        return new Transmit(answer.path, answer.datagram.length);
    }

    @Override
    public @Nullable Path pollEvent() {
        return heard.poll();
    }

    @Override
    public long nextTimeoutNanos() {
        return TimerTable.NEVER;
    }
}
