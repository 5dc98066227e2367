package dev.nearhand.transport.api;

/// The other side or the network did not do what was needed. A mistake of the caller is an `IllegalStateException`
/// or an `IllegalArgumentException` instead.
public final class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// What kind of failure it is.
    public enum Code {
        /// The description of the other side cannot be read or cannot be met.
        BAD_DESCRIPTION,
        /// No socket could be opened.
        NO_NETWORK,
        /// More is waiting to be sent than the limit allows; wait for `onBufferedAmountLow`.
        SEND_BUFFER_FULL,
        /// The message is larger than the other side takes.
        MESSAGE_TOO_LARGE,
        /// The connection or the channel is closed.
        CLOSED,
        /// It did not happen within its time.
        TIMEOUT,
        /// A server did not do what it was asked for; the message says with which status, and what to try.
        REFUSED,
        /// A server did not answer at all.
        UNREACHABLE
    }

    private final Code code;

    public TransportException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public TransportException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
