package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Tells, of one RTP payload at a time, where in a frame it belongs. Holds no state, so that payloads may come in any
/// order.
public interface Depacketizer {
    /// Where a payload belongs.
    ///
    /// @param frameStart whether a frame begins with it
    /// @param keyframe whether that frame is a key frame; known at the start only
    /// @param descriptorBytes how many bytes stand before the codec's own
    record Piece(boolean frameStart, boolean keyframe, int descriptorBytes) {}

    /// Looks at a payload from the buffer's position to its limit, without moving them; null when it cannot be one.
    @Nullable
    Piece inspect(ByteBuffer payload);

    /// The depacketizer of a codec.
    static Depacketizer of(Codec codec) {
        return switch (codec) {
            case VP8 -> new Vp8Depacketizer();
        };
    }
}
