package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;

/// RFC 7587 section 4.2: one Opus packet is one payload, as it is. What does not fit is not sent: Opus at 510 kbit/s
/// and
/// 20 ms takes 1,275 bytes, and speech and music at usual rates far fewer than a packet holds.
public final class OpusPacketizer implements Packetizer {
    private final PayloadQueue queue = new PayloadQueue();

    @Override
    public boolean begin(ByteBuffer frame, int maxPayloadBytes) {
        PayloadQueue.requireFrame(frame, maxPayloadBytes, 1);
        queue.clear();
        if (frame.remaining() > maxPayloadBytes) {
            return false;
        }
        queue.add(new byte[0], frame.slice());
        return true;
    }

    @Override
    public int payloadsLeft() {
        return queue.size();
    }

    @Override
    public void writeNext(ByteBuffer into) {
        queue.writeNext(into);
    }
}
