package dev.nearhand.capture.screen;

/// The screen or the input of this machine cannot be used. The message is for a person: what failed and what to try.
public final class CaptureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CaptureException(String message) {
        super(message);
    }

    public CaptureException(String message, Throwable cause) {
        super(message, cause);
    }
}
