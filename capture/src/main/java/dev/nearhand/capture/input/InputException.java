package dev.nearhand.capture.input;

/// Input cannot be put into this machine. The message is for a person: what failed and what to try.
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
