package dev.nearhand.transport.interop.matrix;

/// A program of the matrix is not on this machine; the message says what is missing.
final class MissingException extends Exception {
    private static final long serialVersionUID = 1;

    MissingException(String message) {
        super(message);
    }
}
