package dev.nearhand.transport.payload;

import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;

/// Cuts VP8 frames into RTP payloads (RFC 7741), all of nearly the same size, each with a 15-bit picture id.
///
/// Does not look into the frame: where a partition begins inside it is not told. One frame at a time, one thread.
public final class Vp8Packetizer implements Packetizer {
    private static final int DESCRIPTOR_BYTES = 4;
    private static final int X = 0x80;
    private static final int S = 0x10;
    private static final int I = 0x80;
    private static final int M = 0x8000;

    private int pictureId;
    private ByteBuffer frame = ByteBuffer.allocate(0);
    private int payloadsLeft;
    private boolean first;

    /// @param firstPictureId of the first frame; 15 bits of it count
    public Vp8Packetizer(int firstPictureId) {
        this.pictureId = firstPictureId & 0x7FFF;
    }

    @Override
    public boolean begin(ByteBuffer frame, int maxPayloadBytes) {
        if (!frame.hasRemaining() || maxPayloadBytes <= DESCRIPTOR_BYTES) {
            throw new IllegalArgumentException("a frame has at least one byte, and a payload room for more than "
                    + DESCRIPTOR_BYTES + ": " + frame.remaining() + ", " + maxPayloadBytes);
        }
        this.frame = frame.duplicate();
        this.payloadsLeft = Math.ceilDiv(frame.remaining(), maxPayloadBytes - DESCRIPTOR_BYTES);
        this.first = true;
        return true;
    }

    @Override
    public int payloadsLeft() {
        return payloadsLeft;
    }

    @Override
    public void writeNext(ByteBuffer into) {
        if (payloadsLeft == 0) {
            throw new IllegalStateException("the frame has no further payload");
        }
        int bytes = Math.ceilDiv(frame.remaining(), payloadsLeft);
        new ByteWriter(into)
                .u8(X | (first ? S : 0))
                .u8(I)
                .u16(M | pictureId)
                .bytes(frame.slice(frame.position(), bytes));
        frame.position(frame.position() + bytes);
        first = false;
        payloadsLeft--;
        if (payloadsLeft == 0) {
            pictureId = pictureId + 1 & 0x7FFF;
        }
    }
}
