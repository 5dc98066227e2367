package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;

/// Cuts VP9 frames into RTP payloads (RFC 9628) in the non-flexible mode, all of nearly the same size, each with a
/// 15-bit picture id. One spatial and one temporal layer; a superframe is sent as the one frame that it decodes to.
public final class Vp9Packetizer implements Packetizer {
    private static final int DESCRIPTOR_BYTES = 3;
    private static final int LONG_ID = 0x80;

    private final PayloadQueue queue = new PayloadQueue();
    private int pictureId;

    /// @param firstPictureId of the first frame; 15 bits of it count
    public Vp9Packetizer(int firstPictureId) {
        this.pictureId = firstPictureId & 0x7FFF;
    }

    @Override
    public boolean begin(ByteBuffer frame, int maxPayloadBytes) {
        PayloadQueue.requireFrame(frame, maxPayloadBytes, DESCRIPTOR_BYTES + 1);
        queue.clear();
        int common = Vp9PayloadDescriptor.I | (Vp9FrameHeader.isKeyframe(frame, 0) ? 0 : Vp9PayloadDescriptor.P);
        int left = Math.ceilDiv(frame.remaining(), maxPayloadBytes - DESCRIPTOR_BYTES);
        for (int at = frame.position(); left > 0; left--) {
            int end = at + Math.ceilDiv(frame.limit() - at, left);
            int first = common
                    | (at == frame.position() ? Vp9PayloadDescriptor.B : 0)
                    | (left == 1 ? Vp9PayloadDescriptor.E : 0);
            byte[] head = {(byte) first, (byte) (LONG_ID | pictureId >> 8), (byte) pictureId};
            queue.add(head, PayloadQueue.slice(frame, at, end));
            at = end;
        }
        pictureId = pictureId + 1 & 0x7FFF;
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
