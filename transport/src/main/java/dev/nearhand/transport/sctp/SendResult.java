package dev.nearhand.transport.sctp;

/// What became of a message that was handed over for sending. Only [#ACCEPTED] took it.
public enum SendResult {
    /// The message is queued; it counts in the buffered amount until its last byte has been sent once.
    ACCEPTED,
    /// The send buffer has no room: wait for `BufferedAmountLow` and offer the message again.
    BUFFER_FULL,
    /// The message is larger than the peer said it takes, or than this side is configured to send.
    MESSAGE_TOO_LARGE,
    /// SCTP cannot carry a message without bytes (data channels send one zero byte instead).
    EMPTY_MESSAGE,
    /// The peer does not offer a stream of this number.
    NO_SUCH_STREAM,
    /// The stream is being reset; it takes messages again once `OutgoingStreamsReset` was reported.
    STREAM_RESETTING,
    /// The association is shutting down or closed.
    NOT_OPEN
}
