package dev.nearhand.transport.payload;

import java.nio.ByteBuffer;

/// What the first byte of a VP9 frame says (VP9 bitstream specification section 6.2).
final class Vp9FrameHeader {
    private static final int FRAME_MARKER = 2;
    private static final int RESERVED_PROFILE = 3;

    private Vp9FrameHeader() {}

    /// Whether a frame, or the first payload of one, is a key frame.
    static boolean isKeyframe(ByteBuffer frame, int offset) {
        int bits = frame.get(frame.position() + offset) & 0xFF;
        if (bits >> 6 != FRAME_MARKER) {
            return false;
        }
        int profile = bits >> 5 & 1 | bits >> 3 & 2;
        // profile 3 has one reserved bit more before show_existing_frame and frame_type
        int rest = profile == RESERVED_PROFILE ? bits << 1 : bits;
        boolean showsExisting = (rest & 0x08) != 0;
        boolean interFrame = (rest & 0x04) != 0;
        return !showsExisting && !interFrame;
    }
}
