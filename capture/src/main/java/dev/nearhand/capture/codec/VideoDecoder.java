package dev.nearhand.capture.codec;

import java.nio.ByteBuffer;

/// Decodes frames in their order into pictures of BGRA. One thread.
///
/// No input makes it throw or crash: what cannot be decoded is [DecodeResult.Broken].
public interface VideoDecoder extends AutoCloseable {
    /// For a person and a log line.
    String name();

    VideoCodec codec();

    /// @param encoded one whole frame from position to limit; borrowed until the call returns, position unchanged
    /// @throws IllegalStateException when the caller has not closed the pictures before
    DecodeResult decode(ByteBuffer encoded);

    /// Releases the decoder. Pictures that are still out stay readable until they are closed.
    @Override
    void close();
}
