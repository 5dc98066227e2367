package dev.nearhand.transport.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// The film of the tests: real VP8, a key frame every 30.
final class IvfFile {
    private static final int FILE_HEADER_BYTES = 32;
    private static final int TIME_BYTES = 8;

    private IvfFile() {}

    static List<ByteBuffer> frames() throws IOException {
        try (InputStream in = IvfFile.class.getResourceAsStream("/media/testsrc-160x120-60frames.vp8.ivf")) {
            ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            file.position(FILE_HEADER_BYTES);
            List<ByteBuffer> frames = new ArrayList<>();
            while (file.hasRemaining()) {
                int length = file.getInt();
                file.position(file.position() + TIME_BYTES);
                frames.add(file.slice(file.position(), length));
                file.position(file.position() + length);
            }
            return frames;
        }
    }
}
