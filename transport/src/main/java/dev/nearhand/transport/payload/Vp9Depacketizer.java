package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// RFC 9628: a picture is the payloads of one timestamp, without their descriptors, one behind the other; with spatial
/// layers it is the frames of all its layers, lowest first, and the index behind them that makes them a superframe.
public final class Vp9Depacketizer implements Depacketizer {
    @Override
    public Codec codec() {
        return Codec.VP9;
    }

    @Override
    public @Nullable Piece inspect(ByteBuffer payload) {
        Vp9PayloadDescriptor descriptor = Vp9PayloadDescriptor.parse(payload);
        if (descriptor == null) {
            return null;
        }
        int offset = descriptor.lengthBytes();
        boolean base = descriptor.frameStart() && descriptor.isBaseLayer();
        boolean keyframe = base && !descriptor.interPicture() && Vp9FrameHeader.isKeyframe(payload, offset);
        int picture = Piece.picture(base, descriptor.pictureId());
        return new Piece(start(descriptor, base), keyframe, false, offset, picture);
    }

    @Override
    public byte @Nullable [] join(List<ByteBuffer> payloads, BitSet starts) {
        List<Integer> frameBytes = new ArrayList<>();
        for (int i = 0; i < payloads.size(); i++) {
            int bytes = payloads.get(i).remaining();
            if (frameBytes.isEmpty() || starts.get(i)) {
                frameBytes.add(bytes);
            } else {
                frameBytes.set(frameBytes.size() - 1, frameBytes.getLast() + bytes);
            }
        }
        byte[] frames = join(payloads);
        return frames == null ? null : Vp9Superframe.of(frames, frameBytes);
    }

    /// A picture may lack its lowest layers: then the lowest that is there begins it.
    private static Start start(Vp9PayloadDescriptor descriptor, boolean base) {
        if (base) {
            return Start.YES;
        }
        return descriptor.frameStart() ? Start.WITH_NEW_TIMESTAMP : Start.NO;
    }
}
