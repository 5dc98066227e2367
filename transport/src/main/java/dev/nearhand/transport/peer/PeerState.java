package dev.nearhand.transport.peer;

import java.util.EnumSet;
import java.util.Set;

/// Where a peer connection stands, ICE and DTLS taken together.
public enum PeerState {
    NEW,
    CONNECTING,
    CONNECTED,
    /// Nothing has come back on the path for some seconds.
    DISCONNECTED,
    FAILED,
    /// Saying goodbye; the other side has not agreed yet.
    CLOSING,
    CLOSED;

    boolean mayBecome(PeerState next) {
        return legalNext().contains(next);
    }

    private Set<PeerState> legalNext() {
        return switch (this) {
            case NEW -> EnumSet.of(CONNECTING, CLOSING, CLOSED);
            case CONNECTING -> EnumSet.of(CONNECTED, DISCONNECTED, FAILED, CLOSING, CLOSED);
            case CONNECTED -> EnumSet.of(DISCONNECTED, FAILED, CLOSING, CLOSED);
            case DISCONNECTED -> EnumSet.of(CONNECTING, CONNECTED, FAILED, CLOSING, CLOSED);
            case FAILED -> EnumSet.of(CONNECTED, CLOSING, CLOSED); // an ICE restart brings it back
            case CLOSING -> EnumSet.of(CLOSED);
            case CLOSED -> EnumSet.noneOf(PeerState.class);
        };
    }
}
