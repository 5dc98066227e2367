package dev.nearhand.transport.sctp;

import dev.nearhand.transport.wire.Seq16;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/// Puts the ordered messages of one stream into their order
/// ([RFC 9260 section 6.6](https://www.rfc-editor.org/rfc/rfc9260#section-6.6)). What waits is bounded by the receive
/// window, in which [Reassembly] counts it.
final class InboundStream {
    private record Waiting(int ppid, ByteBuffer message) {}

    /// Where messages go, in order.
    interface Sink {
        void deliver(int streamId, int ppid, ByteBuffer message);
    }

    /// What a message that waits costs beside its bytes.
    static final int WAITING_OVERHEAD_BYTES = 96;

    private final int id;
    private final TreeMap<Long, Waiting> waiting = new TreeMap<>();
    private long nextSsn;
    private long waitingBytes;

    InboundStream(int id) {
        this.id = id;
    }

    long waitingBytes() {
        return waitingBytes;
    }

    /// How far a message lies ahead of the next in order; negative when its turn has gone by.
    int distance(int ssn) {
        return Seq16.distance(ssn, (int) (nextSsn & 0xFFFF));
    }

    /// Takes a whole message, whose distance is not negative.
    void accept(int ssn, int ppid, ByteBuffer message, Sink sink) {
        int ahead = distance(ssn);
        if (ahead == 0) {
            sink.deliver(id, ppid, message);
            nextSsn++;
            deliverInOrder(sink);
        } else if (waiting.putIfAbsent(nextSsn + ahead, new Waiting(ppid, message)) == null) {
            waitingBytes += cost(message);
        }
    }

    /// The peer has abandoned everything up to and with `ssn` that has not arrived (RFC 3758 section 3.6).
    void skipTo(int ssn, Sink sink) {
        int ahead = distance(ssn);
        if (ahead < 0) {
            return;
        }
        long last = nextSsn + ahead;
        for (Map.Entry<Long, Waiting> first = waiting.firstEntry();
                first != null && first.getKey() <= last;
                first = waiting.firstEntry()) {
            deliverFirst(sink);
        }
        nextSsn = last + 1;
        deliverInOrder(sink);
    }

    /// The peer begins the stream anew (RFC 6525 section 5.2.2).
    void reset() {
        waiting.clear();
        waitingBytes = 0;
        nextSsn = 0;
    }

    private void deliverInOrder(Sink sink) {
        while (!waiting.isEmpty() && waiting.firstKey() == nextSsn) {
            deliverFirst(sink);
            nextSsn++;
        }
    }

    private void deliverFirst(Sink sink) {
        Waiting first = waiting.pollFirstEntry().getValue();
        waitingBytes -= cost(first.message);
        sink.deliver(id, first.ppid, first.message);
    }

    private static long cost(ByteBuffer message) {
        return (long) message.remaining() + WAITING_OVERHEAD_BYTES;
    }
}
