package dev.nearhand.transport.rtp;

import java.nio.ByteBuffer;
import java.util.Random;

/// Made-up VP8 frames: a true header, and noise.
final class Frames {
    private Frames() {}

    static byte[] frame(Random random, boolean keyframe, int bytes) {
        byte[] frame = new byte[Math.max(bytes, 10)];
        random.nextBytes(frame);
        frame[0] = (byte) (keyframe ? 0x10 : 0x11);
        if (keyframe) {
            ByteBuffer.wrap(frame).put(3, new byte[] {(byte) 0x9D, 0x01, 0x2A, 0x00, 0x05, (byte) 0xD0, 0x02});
        }
        return frame;
    }
}
