package dev.nearhand.transport.sctp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What happened and has not been taken. Messages in it count against the receive window, which bounds them; other
/// events come one or two for a chunk and are drained after each datagram.
final class EventQueue {
    /// What a queued message costs beside its bytes, so that tiny ones are bounded too.
    static final int MESSAGE_OVERHEAD_BYTES = 64;

    private final ArrayDeque<SctpEvent> events = new ArrayDeque<>();
    private long heldBytes;

    void add(SctpEvent event) {
        events.add(event);
    }

    void addMessage(int streamId, int ppid, ByteBuffer message) {
        heldBytes += message.remaining() + MESSAGE_OVERHEAD_BYTES;
        events.add(new SctpEvent.MessageReceived(streamId, ppid, message));
    }

    long heldBytes() {
        return heldBytes;
    }

    @Nullable
    SctpEvent poll() {
        SctpEvent event = events.poll();
        if (event instanceof SctpEvent.MessageReceived received) {
            heldBytes -= received.message().remaining() + MESSAGE_OVERHEAD_BYTES;
        }
        return event;
    }
}
