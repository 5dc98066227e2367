package dev.nearhand.capture.codec.ffmpeg;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Random;

/// A field of coarse noise that scrolls and is partly new in every picture: like a film, at any bitrate never done.
final class MovingNoise {
    private static final int CELL = 4;

    private MovingNoise() {}

    static void draw(MemorySegment pixels, int width, int height, int index) {
        Random noise = new Random(index);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int cell = ((x + index * 3) / CELL * 73_856_093) ^ ((y + index) / CELL * 19_349_663);
                int grey = 96 + (cell >>> 8 & 63) + noise.nextInt(24);
                pixels.set(JAVA_INT_UNALIGNED, ((long) y * width + x) * 4, grey << 16 | grey << 8 | grey);
            }
        }
    }
}
