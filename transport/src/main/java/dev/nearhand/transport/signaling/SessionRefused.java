package dev.nearhand.transport.signaling;

import java.time.Duration;

/// The application does not take a session now.
public final class SessionRefused extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Duration retryAfter;

    private SessionRefused(int status, Duration retryAfter, String sentence) {
        super(sentence);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    /// It may be possible later: there is nothing to see yet, or somebody else publishes already (409).
    public static SessionRefused notNow(Duration retryAfter, String sentence) {
        return new SessionRefused(409, retryAfter, sentence);
    }

    /// It will not be, for this client (403).
    public static SessionRefused never(String sentence) {
        return new SessionRefused(403, Duration.ZERO, sentence);
    }

    int status() {
        return status;
    }

    /// Zero when asking again makes no sense.
    Duration retryAfter() {
        return retryAfter;
    }
}
