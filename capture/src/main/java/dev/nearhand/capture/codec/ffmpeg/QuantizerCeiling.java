package dev.nearhand.capture.codec.ffmpeg;

import dev.nearhand.capture.codec.CodecException;
import dev.nearhand.capture.codec.vp8.Vp8Header;
import java.nio.ByteBuffer;

/// Decides how coarse libvpx may encode the next frame of VP8 at most, for pictures of a screen. A pure rule with a
/// memory of one frame.
///
/// libvpx's constant bitrate control was made for cameras. After a key frame it distrusts its budget for half a second
/// and encodes the next frames as coarsely as it may, even when only one letter was typed. But how much a screen frame
/// costs can be told from the area that changed: so where even the finest encoding of that area fits into the budget,
/// the letter comes no coarser than what is around it. While nothing changes, each refinement is finer than the one
/// before.
final class QuantizerCeiling implements FrameQuality {
    /// A picture this fine looks like its source; it divides most coefficients by 11 (RFC 6386 section 14.1).
    static final int SETTLED_INDEX = 8;

    /// Small text in the finest quality: measured, 554 bits a macroblock at index 4.
    private static final int FINEST_BITS_PER_MACROBLOCK = 600;

    private static final int PIXELS_PER_MACROBLOCK = 256;

    /// libvpx's quantizers 0–63 as indices of the format: its `q_trans` table.
    private static final int[] INDEX = {
        0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 33, 35, 37,
        39, 41, 43, 45, 47, 49, 51, 53, 55, 57, 59, 61, 64, 67, 70, 73, 76, 79, 82, 85, 88, 91, 94, 97, 100, 103, 106,
        109, 112, 115, 118, 121, 124, 127
    };

    private final int coarsest;
    private int lastIndex;
    private int lastBits;

    /// @param coarsest what libvpx may do anyway, 0–63
    QuantizerCeiling(int coarsest) {
        this.coarsest = coarsest;
        this.lastIndex = INDEX[coarsest];
    }

    /// On libvpx's scale of 0–63, as all of them here.
    @Override
    public int forChange(long changedArea, long budgetBits) {
        long macroblocks = changedArea / PIXELS_PER_MACROBLOCK + 1;
        boolean affordable = macroblocks * FINEST_BITS_PER_MACROBLOCK <= budgetBits;
        return affordable ? quantizerOf(lastIndex) : coarsest;
    }

    @Override
    public int forRefinement(long budgetBits) {
        int percent = lastBits > budgetBits ? 90 : 70;
        return quantizerOf(Math.min(lastIndex * percent / 100, lastIndex - 1));
    }

    @Override
    public Verdict encoded(ByteBuffer frame) {
        Vp8Header header =
                Vp8Header.peek(frame).orElseThrow(() -> new CodecException("libvpx made something that is no frame"));
        lastIndex = header.quantizer();
        lastBits = frame.remaining() * 8;
        return new Verdict(lastIndex, lastIndex <= SETTLED_INDEX);
    }

    /// The largest quantizer that is not coarser than `index`, but none finer than needed.
    private int quantizerOf(int index) {
        int wanted = Math.max(index, SETTLED_INDEX);
        int quantizer = coarsest;
        while (quantizer > 0 && INDEX[quantizer] > wanted) {
            quantizer--;
        }
        return quantizer;
    }
}
