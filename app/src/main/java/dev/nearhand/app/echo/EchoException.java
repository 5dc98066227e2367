package dev.nearhand.app.echo;

/// A test of the echo protocol did not pass; the message is a sentence for a person.
public final class EchoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EchoException(String message) {
        super(message);
    }
}
