package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells, of one RTP payload at a time, where in a frame it belongs. Holds no state, so that payloads may come in any
/// order; [#join] makes the frame of those that belong together.
public interface Depacketizer {
    /// What a payload tells about the begin of a frame.
    enum Start {
        /// A frame begins with it, whatever came before.
        YES,
        /// A frame begins with it when its timestamp is a new one.
        WITH_NEW_TIMESTAMP,
        /// It goes on with what another one began.
        NO
    }

    /// Where a payload belongs.
    ///
    /// @param start whether a frame begins with it
    /// @param keyframe whether that frame is a key frame; any payload of it may tell
    /// @param end whether the frame ends with it, marker or not
    /// @param descriptorBytes how many bytes stand before those that are to be joined
    /// @param picture the last seven bits of the number of the picture that begins with it, which counts up by one;
    ///     [#UNNUMBERED] where none begins, or the format does not number them
    record Piece(Start start, boolean keyframe, boolean end, int descriptorBytes, int picture) {
        public static final int UNNUMBERED = -1;

        private static final int PICTURE_MASK = 0x7F;

        Piece(Start start, boolean keyframe, boolean end, int descriptorBytes) {
            this(start, keyframe, end, descriptorBytes, UNNUMBERED);
        }

        /// The number of the picture after one that has a number.
        public static int next(int picture) {
            return picture + 1 & PICTURE_MASK;
        }

        static int picture(boolean begins, int pictureId) {
            return begins && pictureId >= 0 ? pictureId & PICTURE_MASK : UNNUMBERED;
        }
    }

    Codec codec();

    /// Looks at a payload from the buffer's position to its limit, without moving them; null when it cannot be one.
    @Nullable
    Piece inspect(ByteBuffer payload);

    /// Makes a frame of its payloads.
    ///
    /// @param payloads all of them in order, each without the bytes of its descriptor
    /// @return the frame as a decoder takes it, or null when they do not fit together
    default byte @Nullable [] join(List<ByteBuffer> payloads) {
        ByteBuffer frame = ByteBuffer.allocate(
                payloads.stream().mapToInt(ByteBuffer::remaining).sum());
        payloads.forEach(payload -> frame.put(payload.duplicate()));
        return frame.array();
    }

    /// The same, when it is known which payloads may begin a frame of a layer: those whose [Piece#start] was not `NO`.
    default byte @Nullable [] join(List<ByteBuffer> payloads, BitSet starts) {
        return join(payloads);
    }

    /// The depacketizer of a codec.
    static Depacketizer of(Codec codec) {
        return switch (codec) {
            case VP8 -> new Vp8Depacketizer();
            case VP9 -> new Vp9Depacketizer();
            case H264 -> new H264Depacketizer();
            case AV1 -> new Av1Depacketizer();
            case OPUS -> new OpusDepacketizer();
        };
    }
}
