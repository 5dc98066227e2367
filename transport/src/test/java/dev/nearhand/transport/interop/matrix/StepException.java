package dev.nearhand.transport.interop.matrix;

/// A step of a cell did not do what it should; the message goes into the page.
final class StepException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StepException(String message) {
        super(message);
    }
}
