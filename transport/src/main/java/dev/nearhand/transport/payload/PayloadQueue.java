package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The payloads of one frame that are planned and not written yet, each as the parts that it is put together from. As
/// long as the frame that they are views of.
final class PayloadQueue {
    private final Deque<List<ByteBuffer>> payloads = new ArrayDeque<>();

    void clear() {
        payloads.clear();
    }

    void add(List<ByteBuffer> parts) {
        payloads.add(List.copyOf(parts));
    }

    void add(byte[] head, ByteBuffer body) {
        payloads.add(List.of(ByteBuffer.wrap(head), body));
    }

    int size() {
        return payloads.size();
    }

    void writeNext(ByteBuffer into) {
        List<ByteBuffer> parts = payloads.poll();
        if (parts == null) {
            throw new IllegalStateException("the frame has no further payload");
        }
        parts.forEach(part -> into.put(part.duplicate()));
    }

    static void requireFrame(ByteBuffer frame, int maxPayloadBytes, int leastPayloadBytes) {
        if (!frame.hasRemaining() || maxPayloadBytes < leastPayloadBytes) {
            throw new IllegalArgumentException("a frame has at least one byte, and a payload room for "
                    + leastPayloadBytes + ": " + frame.remaining() + ", " + maxPayloadBytes);
        }
    }

    static ByteBuffer slice(ByteBuffer frame, int from, int to) {
        return frame.slice(from, to - from);
    }
}
