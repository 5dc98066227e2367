package dev.nearhand.app.peer;

/// A command that cannot be done; its message is the reply.
final class BadRequest extends Exception {
    private static final long serialVersionUID = 1;

    BadRequest(String message) {
        super(message);
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
