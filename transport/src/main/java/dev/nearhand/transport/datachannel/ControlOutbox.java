package dev.nearhand.transport.datachannel;

import dev.nearhand.transport.sctp.Reliability;
import dev.nearhand.transport.sctp.SctpAssociation;
import dev.nearhand.transport.sctp.SendResult;
import java.util.ArrayDeque;
import java.util.Iterator;

/// DCEP messages that wait for room, or for the answer to the reset of their stream
/// ([RFC 8832](https://www.rfc-editor.org/rfc/rfc8832)). Nothing else is sent on a stream before them.
final class ControlOutbox {
    /// One for each channel at most, and one for each that the peer opens; more are dropped, and with them what a peer
    /// beyond all limits would hear.
    private static final int LIMIT = 2 * ChannelTable.LIMIT;

    private record Control(int streamId, DcepMessage message) {}

    private final SctpAssociation association;
    private final ArrayDeque<Control> waiting = new ArrayDeque<>();

    /// Somebody was refused because these messages have to leave first, and waits to hear when they have.
    private boolean refused;

    ControlOutbox(SctpAssociation association) {
        this.association = association;
    }

    void add(int streamId, DcepMessage message) {
        if (waiting.size() < LIMIT) {
            waiting.add(new Control(streamId, message));
        }
    }

    /// Whether a message on this stream would overtake one here: then its owner is to be told of the next [#flush].
    boolean holdsUp(int streamId) {
        boolean held = false;
        for (Control each : waiting) {
            held |= each.streamId == streamId;
        }
        refused |= held;
        return held;
    }

    /// Whether the peer has not heard of the channel on this stream.
    boolean holdsOpen(int streamId) {
        for (Control each : waiting) {
            if (each.streamId == streamId && each.message instanceof DcepMessage.Open) {
                return true;
            }
        }
        return false;
    }

    void remove(int streamId) {
        if (!waiting.isEmpty()) {
            waiting.removeIf(each -> each.streamId == streamId);
        }
    }

    void clear() {
        waiting.clear();
    }

    /// Sends what can be sent; answers whether one who was held up may try again.
    boolean flush(long nowNanos) {
        int before = waiting.size();
        send(nowNanos);
        boolean freed = refused && waiting.size() < before;
        refused &= !freed;
        return freed;
    }

    private void send(long nowNanos) {
        if (waiting.isEmpty()) {
            return; // nearly always, and every packet asks
        }
        for (Iterator<Control> each = waiting.iterator(); each.hasNext(); ) {
            Control next = each.next();
            SendResult result = association.send(
                    nowNanos, next.streamId, false, Reliability.RELIABLE, PayloadProtocol.DCEP, next.message.toBytes());
            switch (result) {
                case BUFFER_FULL -> {
                    return;
                }
                case STREAM_RESETTING -> {} // goes out on the new stream
                case ACCEPTED, MESSAGE_TOO_LARGE, EMPTY_MESSAGE, NO_SUCH_STREAM, NOT_OPEN -> each.remove();
            }
        }
    }
}
