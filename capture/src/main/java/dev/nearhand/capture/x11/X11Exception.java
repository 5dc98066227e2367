package dev.nearhand.capture.x11;

/// A library is missing, the X server refused something, or it has gone. The message is for a person.
public final class X11Exception extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final boolean gone;

    private X11Exception(String message, boolean gone) {
        super(message);
        this.reason = message;
        this.gone = gone;
    }

    public static X11Exception refused(String message) {
        return new X11Exception(message, false);
    }

    public static X11Exception connectionLost() {
        return new X11Exception("the X server has ended or closed the connection", true);
    }

    /// The message.
    public String reason() {
        return reason;
    }

    /// Whether the connection is over, as opposed to one request that failed.
    public boolean gone() {
        return gone;
    }
}
