package dev.nearhand.capture.codec.ffmpeg;

import java.nio.ByteBuffer;

/// For encoders that see to the quantizer themselves: a picture has settled when encoding it again and again adds
/// nothing, which shows in the size of the frames. A macroblock that is skipped takes less than a bit.
final class SkippedRefinement implements FrameQuality {
    /// OpenH264 encodes what has not changed again only when its quantizer has fallen by more than three since, which
    /// takes it some frames.
    private static final int FRAMES = 8;

    private static final int HEADER_BYTES = 64;
    private static final int PIXELS_PER_BYTE = 2_048;

    private final int coarsest;
    private final int stillBytes;
    private int still;

    /// @param width of the picture, pixels
    SkippedRefinement(int coarsest, int width, int height) {
        this.coarsest = coarsest;
        this.stillBytes = HEADER_BYTES + width * height / PIXELS_PER_BYTE;
    }

    @Override
    public int forChange(long changedArea, long budgetBits) {
        return coarsest;
    }

    @Override
    public int forRefinement(long budgetBits) {
        return coarsest;
    }

    @Override
    public Verdict encoded(ByteBuffer frame) {
        still = frame.remaining() <= stillBytes ? still + 1 : 0;
        return new Verdict(0, still >= FRAMES);
    }
}
