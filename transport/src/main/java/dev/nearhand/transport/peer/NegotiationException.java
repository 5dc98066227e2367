package dev.nearhand.transport.peer;

/// A description of the other side cannot be read or cannot be met. The message says why, and holds no address.
public final class NegotiationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;

    public NegotiationException(String reason) {
        super(reason);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
