package dev.nearhand.capture.codec;

/// An encoder or decoder of this machine cannot be used. The message is for a person: what failed and what to try.
///
/// Bad bytes from a peer are never this, see [DecodeResult.Broken].
public final class CodecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CodecException(String message) {
        super(message);
    }

    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }
}
