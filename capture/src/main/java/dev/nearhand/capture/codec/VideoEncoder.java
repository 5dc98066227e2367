package dev.nearhand.capture.codec;

import dev.nearhand.capture.screen.ScreenFrame;
import java.util.Optional;

/// Encodes the frames of one capture, each into exactly one [EncodedFrame], without delay. One thread.
///
/// A picture of another size needs another encoder.
public interface VideoEncoder extends AutoCloseable {
    /// For a person and a log line: `VP8 (libvpx)`.
    String name();

    VideoCodec codec();

    EncoderConfig config();

    /// Encodes `frame`, which stays the caller's. Only its changed rectangles are read, except in the first one.
    ///
    /// @throws IllegalArgumentException when the frame has another size
    /// @throws CodecException when the codec fails; the encoder is of no use then
    EncodedFrame encode(ScreenFrame frame);

    /// Encodes the last picture once more, to a better quality. Called while the screen is still, until the answer is
    /// [EncodedFrame#settled]; then it costs nothing to stop. Empty before the first frame.
    Optional<EncodedFrame> refine(long captureNanos);

    /// Changes the target from the next frame on, without a key frame where the codec can do that.
    void targetBitrateBps(int bitsPerSecond);

    /// Makes the next frame a key frame.
    void forceKeyframe();

    @Override
    void close();
}
