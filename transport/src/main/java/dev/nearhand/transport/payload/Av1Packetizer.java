package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Cuts temporal units of AV1, in the low-overhead format, into RTP payloads (RTP Payload Format For AV1, section 4):
/// OBUs without their sizes, each with its length before it (W = 0), cut where a payload is full.
///
/// One operating point; the dependency descriptor, which only a relay that chooses layers needs, is not sent.
public final class Av1Packetizer implements Packetizer {
    static final int Z = 0x80;
    static final int Y = 0x40;
    static final int N = 0x08;

    private static final int LEAST_PAYLOAD_BYTES = 16;
    private static final int LEAST_FRAGMENT_BYTES = 2;

    private final PayloadQueue queue = new PayloadQueue();
    private final List<ByteBuffer> parts = new ArrayList<>();
    private int maxPayloadBytes;
    private int room;
    private int flags;

    @Override
    public boolean begin(ByteBuffer frame, int maxPayloadBytes) {
        PayloadQueue.requireFrame(frame, maxPayloadBytes, LEAST_PAYLOAD_BYTES);
        queue.clear();
        this.maxPayloadBytes = maxPayloadBytes;
        List<Obu> obus = Obu.readAll(frame);
        if (obus == null || obus.isEmpty()) {
            return false;
        }
        start(obus.stream().anyMatch(obu -> obu.type() == Obu.SEQUENCE_HEADER) ? N : 0);
        obus.forEach(this::add);
        flush(0);
        return true;
    }

    private void start(int firstFlags) {
        parts.clear();
        room = maxPayloadBytes - 1;
        flags = firstFlags;
    }

    private void add(Obu obu) {
        ByteBuffer left = ByteBuffer.allocate(obu.header().length + obu.body().remaining())
                .put(obu.header())
                .put(obu.body().duplicate())
                .flip();
        while (left.hasRemaining()) {
            int most = room - Leb128.length(Math.min(room, left.remaining()));
            if (most < Math.min(left.remaining(), LEAST_FRAGMENT_BYTES)) {
                boolean cut = left.position() > 0;
                flush(cut ? Y : 0);
                start(cut ? Z : 0);
                continue;
            }
            int bytes = Math.min(most, left.remaining());
            parts.add(ByteBuffer.wrap(Leb128.write(bytes)));
            parts.add(left.slice(left.position(), bytes));
            left.position(left.position() + bytes);
            room -= Leb128.length(bytes) + bytes;
        }
    }

    private void flush(int lastFlags) {
        if (!parts.isEmpty()) {
            List<ByteBuffer> payload = new ArrayList<>(parts);
            payload.addFirst(ByteBuffer.wrap(new byte[] {(byte) (flags | lastFlags)}));
            queue.add(payload);
        }
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
