package dev.nearhand.transport.interop;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Reads the frames of an IVF file: 32 bytes of header, then for each frame its length, its time, its bytes.
final class Ivf {
    private static final int HEADER_BYTES = 32;
    private static final int FRAME_HEADER_BYTES = 12;

    private Ivf() {}

    static List<byte[]> frames(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(HEADER_BYTES);
        List<byte[]> frames = new ArrayList<>();
        while (bytes.remaining() >= FRAME_HEADER_BYTES) {
            byte[] frame = new byte[bytes.getInt()];
            bytes.getLong();
            bytes.get(frame);
            frames.add(frame);
        }
        return frames;
    }
}
