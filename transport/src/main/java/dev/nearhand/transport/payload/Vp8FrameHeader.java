package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What the first bytes of a VP8 frame say without decoding it (RFC 6386 section 9.1).
///
/// @param version the bitstream's profile, 0–3
/// @param shown whether the frame is meant to be displayed
/// @param firstPartitionBytes the length of the first partition
/// @param width in pixels, 0 unless it is a key frame
/// @param height in pixels, 0 unless it is a key frame
public record Vp8FrameHeader(
        boolean keyframe, int version, boolean shown, int firstPartitionBytes, int width, int height) {
    private static final int TAG_BYTES = 3;
    private static final int KEYFRAME_BYTES = 10;
    private static final int MAX_VERSION = 3;

    /// Reads the header of a frame from the buffer's position on, without moving it; null when there is none.
    public static @Nullable Vp8FrameHeader peek(ByteBuffer frame) {
        if (frame.remaining() < TAG_BYTES) {
            return null;
        }
        int at = frame.position();
        int tag = frame.get(at) & 0xFF | (frame.get(at + 1) & 0xFF) << 8 | (frame.get(at + 2) & 0xFF) << 16;
        boolean keyframe = (tag & 1) == 0;
        int version = tag >> 1 & 0x07;
        if (version > MAX_VERSION || keyframe && !hasStartCode(frame)) {
            return null;
        }
        return new Vp8FrameHeader(
                keyframe,
                version,
                (tag & 0x10) != 0,
                tag >> 5,
                keyframe ? dimension(frame, at + 6) : 0,
                keyframe ? dimension(frame, at + 8) : 0);
    }

    /// Whether a frame, or the first payload of one, is a key frame, as far as its first bit tells.
    static boolean isKeyframe(ByteBuffer frame, int offset) {
        return (frame.get(frame.position() + offset) & 1) == 0;
    }

    private static boolean hasStartCode(ByteBuffer frame) {
        int at = frame.position();
        return frame.remaining() >= KEYFRAME_BYTES
                && (frame.get(at + 3) & 0xFF) == 0x9D
                && (frame.get(at + 4) & 0xFF) == 0x01
                && (frame.get(at + 5) & 0xFF) == 0x2A;
    }

    /// 14 bits, little-endian; the two above them scale the picture for display.
    private static int dimension(ByteBuffer frame, int at) {
        return (frame.get(at) & 0xFF | (frame.get(at + 1) & 0xFF) << 8) & 0x3FFF;
    }
}
