package dev.nearhand.transport.payload;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// The index behind several VP9 frames that tells a decoder where each begins (VP9 bitstream specification, annex B).
/// Some decoders find the frames without it; others take the first and lose the rest.
final class Vp9Superframe {
    /// As many as the index can count; there are no more spatial layers either.
    static final int MAX_FRAMES = 8;

    private static final int MARKER = 0xC0;
    private static final int MARKER_MASK = 0xE0;

    private Vp9Superframe() {}

    /// The frames with an index, or as they were: when it is only one, when they are too many, and when there is an
    /// index at the end of one of them already, which nothing else looks like.
    ///
    /// @param frameBytes the length of each
    static byte[] of(byte[] frames, List<Integer> frameBytes) {
        int count = frameBytes.size();
        if (count < 2 || count > MAX_FRAMES || hasIndex(frames, frameBytes)) {
            return frames;
        }
        int largest = Collections.max(frameBytes);
        int sizeBytes = Math.ceilDiv(Integer.SIZE - Integer.numberOfLeadingZeros(largest), Byte.SIZE);
        byte[] superframe = Arrays.copyOf(frames, frames.length + 2 + count * sizeBytes);
        int at = frames.length;
        byte marker = (byte) (MARKER | sizeBytes - 1 << 3 | count - 1);
        superframe[at++] = marker;
        for (int bytes : frameBytes) {
            for (int i = 0; i < sizeBytes; i++) {
                superframe[at++] = (byte) (bytes >> Byte.SIZE * i);
            }
        }
        superframe[at] = marker;
        return superframe;
    }

    private static boolean hasIndex(byte[] frames, List<Integer> frameBytes) {
        int end = 0;
        for (int bytes : frameBytes) {
            end += bytes;
            if ((frames[end - 1] & MARKER_MASK) == MARKER) {
                return true;
            }
        }
        return false;
    }
}
