package dev.nearhand.transport.sdp;

import java.util.Locale;

/// Who sends (RFC 8866 section 6.7).
public enum Direction {
    SENDRECV,
    SENDONLY,
    RECVONLY,
    INACTIVE;

    public boolean sends() {
        return this == SENDRECV || this == SENDONLY;
    }

    public boolean receives() {
        return this == SENDRECV || this == RECVONLY;
    }

    /// The same seen from the other side.
    public Direction reversed() {
        return switch (this) {
            case SENDONLY -> RECVONLY;
            case RECVONLY -> SENDONLY;
            case SENDRECV, INACTIVE -> this;
        };
    }

    /// The name of the attribute.
    public String attribute() {
        return name().toLowerCase(Locale.ROOT);
    }
}
