package dev.nearhand.app.json;

/// What became of bytes that should be a message. None of these is an exception: bytes come from the other side.
///
/// @param <T> the sealed type of the messages
public sealed interface Decoded<T> {
    record Message<T>(T value) implements Decoded<T> {}

    /// Sound JSON of a type that this version does not know: to be ignored and counted.
    record Unknown<T>() implements Decoded<T> {}

    /// Not a message: to be dropped and counted.
    ///
    /// @param reason without a byte of the message
    record Malformed<T>(String reason) implements Decoded<T> {}
}
