package dev.nearhand.capture.codec.ffmpeg;

import java.nio.ByteBuffer;

/// How coarse the next frame may be, and whether the last one is good enough. One for each encoder; remembers what that
/// has made.
interface FrameQuality {
    /// What can be told from an encoded frame.
    ///
    /// @param quantizer on the codec's own scale; 0 where the frame does not tell
    /// @param settled whether the same picture once more would hardly look better
    record Verdict(int quantizer, boolean settled) {}

    /// @param changedArea pixels that may differ from the last picture
    /// @param budgetBits what one frame may have
    /// @return the coarsest quantizer for a new picture, on the encoder's scale
    int forChange(long changedArea, long budgetBits);

    /// @return the coarsest quantizer for the same picture once more, on the encoder's scale
    int forRefinement(long budgetBits);

    /// What the encoder made.
    ///
    /// @throws dev.nearhand.capture.codec.CodecException when that is no frame
    Verdict encoded(ByteBuffer frame);
}
