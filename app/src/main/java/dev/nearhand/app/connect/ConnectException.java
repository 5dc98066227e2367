package dev.nearhand.app.connect;

/// Sharing or connecting did not succeed. The message is one sentence for a person: what failed and what to try.
public final class ConnectException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConnectException(String message) {
        super(message);
    }

    public ConnectException(String message, Throwable cause) {
        super(message, cause);
    }
}
