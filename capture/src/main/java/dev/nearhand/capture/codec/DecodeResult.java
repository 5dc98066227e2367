package dev.nearhand.capture.codec;

/// What became of an encoded frame.
public sealed interface DecodeResult {
    /// A picture. The receiver closes it.
    record Picture(DecodedPicture picture) implements DecodeResult {}

    /// Decoded, and meant for the pictures after it only.
    record NoPicture() implements DecodeResult {}

    /// Nothing to be shown: the bytes are no frame, or one before it is missing. Ask for a key frame.
    record Broken(String reason) implements DecodeResult {}
}
