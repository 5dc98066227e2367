package dev.nearhand.capture.codec.vp8;

import java.nio.ByteBuffer;
import java.util.Optional;

/// The facts at the beginning of a VP8 frame: RFC 6386 section 9.1, and the part of section 9.2 to 9.6 that leads to
/// the quantizer. Reads bytes of any origin and never throws.
///
/// @param width of a key frame, 1–16383; 0 in other frames, which do not tell
/// @param quantizer the base index `y_ac_qi`, 0 (finest) to 127
public record Vp8Header(boolean keyframe, boolean shown, int width, int height, int quantizer) {
    private static final int FRAME_TAG_BYTES = 3;
    private static final int KEYFRAME_HEADER_BYTES = 10;

    /// @param frame from position to limit, position unchanged
    /// @return empty when these bytes cannot be the beginning of a VP8 frame
    public static Optional<Vp8Header> peek(ByteBuffer frame) {
        int start = frame.position();
        if (frame.remaining() < FRAME_TAG_BYTES) {
            return Optional.empty();
        }
        int tag = byteAt(frame, start) | byteAt(frame, start + 1) << 8 | byteAt(frame, start + 2) << 16;
        boolean keyframe = (tag & 1) == 0;
        boolean shown = (tag >> 4 & 1) == 1;
        int firstPartitionBytes = tag >> 5;
        int partition = keyframe ? KEYFRAME_HEADER_BYTES : FRAME_TAG_BYTES;
        if (frame.remaining() < partition || firstPartitionBytes > frame.remaining() - partition) {
            return Optional.empty();
        }
        int width = 0;
        int height = 0;
        if (keyframe) {
            if (byteAt(frame, start + 3) != 0x9d
                    || byteAt(frame, start + 4) != 0x01
                    || byteAt(frame, start + 5) != 0x2a) {
                return Optional.empty();
            }
            width = (byteAt(frame, start + 6) | byteAt(frame, start + 7) << 8) & 0x3fff;
            height = (byteAt(frame, start + 8) | byteAt(frame, start + 9) << 8) & 0x3fff;
            if (width == 0 || height == 0) {
                return Optional.empty();
            }
        }
        ByteBuffer first = frame.slice(start + partition, firstPartitionBytes);
        return Optional.of(new Vp8Header(keyframe, shown, width, height, quantizer(new BoolDecoder(first), keyframe)));
    }

    private static int quantizer(BoolDecoder bits, boolean keyframe) {
        if (keyframe) {
            bits.literal(2); // color_space, clamping_type
        }
        if (bits.flag()) {
            skipSegmentation(bits);
        }
        bits.literal(1 + 6 + 3); // filter_type, loop_filter_level, sharpness_level
        boolean adjusts = bits.flag(); // loop_filter_adj_enable, and mode_ref_lf_delta_update only if that is set
        if (adjusts && bits.flag()) {
            for (int delta = 0; delta < 8; delta++) {
                skipOptional(bits, 6 + 1);
            }
        }
        bits.literal(2); // log2_nbr_of_dct_partitions
        return bits.literal(7);
    }

    /// `update_segmentation()`, section 9.3.
    private static void skipSegmentation(BoolDecoder bits) {
        boolean updatesMap = bits.flag();
        if (bits.flag()) {
            bits.literal(1); // segment_feature_mode
            for (int segment = 0; segment < 4; segment++) {
                skipOptional(bits, 7 + 1);
            }
            for (int segment = 0; segment < 4; segment++) {
                skipOptional(bits, 6 + 1);
            }
        }
        if (updatesMap) {
            for (int probability = 0; probability < 3; probability++) {
                skipOptional(bits, 8);
            }
        }
    }

    private static void skipOptional(BoolDecoder bits, int count) {
        if (bits.flag()) {
            bits.literal(count);
        }
    }

    private static int byteAt(ByteBuffer buffer, int index) {
        return buffer.get(index) & 0xff;
    }

    /// Section 7.3 for even probabilities, which is all that a frame header has. Beyond the end it reads zeros.
    private static final class BoolDecoder {
        private static final int EVEN = 128;

        private final ByteBuffer in;
        private int position;
        private int value;
        private int range = 255;
        private int bitCount;

        BoolDecoder(ByteBuffer in) {
            this.in = in;
            value = next() << 8 | next();
        }

        boolean flag() {
            int split = 1 + ((range - 1) * EVEN >> 8);
            boolean bit = value >= split << 8;
            if (bit) {
                range -= split;
                value -= split << 8;
            } else {
                range = split;
            }
            while (range < 128) {
                value <<= 1;
                range <<= 1;
                if (++bitCount == 8) {
                    bitCount = 0;
                    value |= next();
                }
            }
            return bit;
        }

        int literal(int count) {
            int result = 0;
            for (int bit = 0; bit < count; bit++) {
                result = result << 1 | (flag() ? 1 : 0);
            }
            return result;
        }

        private int next() {
            return position < in.limit() ? in.get(position++) & 0xff : 0;
        }
    }
}
