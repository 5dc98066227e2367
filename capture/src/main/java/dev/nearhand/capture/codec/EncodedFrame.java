package dev.nearhand.capture.codec;

import java.nio.ByteBuffer;

/// One encoded picture.
///
/// @param codec what decodes it
/// @param data the bytes, from position to limit; the frame's own, never written again
/// @param keyframe can be decoded without any frame before it
/// @param captureNanos `System.nanoTime()` when the pixels were read from the screen
/// @param width of the picture, pixels
/// @param quantizer how coarse it is, on the codec's own scale (VP8: 0, finest, to 127);
/// 0 where it is not known
/// @param settled a refinement of the same picture would hardly look better, see [VideoEncoder#refine]
public record EncodedFrame(
        VideoCodec codec,
        ByteBuffer data,
        boolean keyframe,
        long captureNanos,
        int width,
        int height,
        int quantizer,
        boolean settled) {
    public int sizeBytes() {
        return data.remaining();
    }
}
