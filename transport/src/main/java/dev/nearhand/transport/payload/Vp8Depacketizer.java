package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// RFC 7741: a frame is the payloads of one timestamp, without their descriptors, one behind the other.
public final class Vp8Depacketizer implements Depacketizer {
    @Override
    public Codec codec() {
        return Codec.VP8;
    }

    @Override
    public @Nullable Piece inspect(ByteBuffer payload) {
        Vp8PayloadDescriptor descriptor = Vp8PayloadDescriptor.parse(payload);
        if (descriptor == null) {
            return null;
        }
        int offset = descriptor.lengthBytes();
        boolean start = descriptor.isFrameStart();
        return new Piece(
                start ? Start.YES : Start.NO,
                start && Vp8FrameHeader.isKeyframe(payload, offset),
                false,
                offset,
                Piece.picture(start, descriptor.pictureId()));
    }
}
