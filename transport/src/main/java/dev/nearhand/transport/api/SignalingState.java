package dev.nearhand.transport.api;

/// How far an exchange of descriptions has come (RFC 9429 section 3.2).
public enum SignalingState {
    /// No exchange is under way.
    STABLE,
    HAVE_LOCAL_OFFER,
    HAVE_REMOTE_OFFER,
    /// An offer of the other side was answered provisionally.
    HAVE_LOCAL_PRANSWER,
    /// An offer of this side was answered provisionally.
    HAVE_REMOTE_PRANSWER;

    static SignalingState of(dev.nearhand.transport.peer.SignalingState state) {
        return switch (state) {
            case STABLE -> STABLE;
            case HAVE_LOCAL_OFFER -> HAVE_LOCAL_OFFER;
            case HAVE_REMOTE_OFFER -> HAVE_REMOTE_OFFER;
            case HAVE_LOCAL_PRANSWER -> HAVE_LOCAL_PRANSWER;
            case HAVE_REMOTE_PRANSWER -> HAVE_REMOTE_PRANSWER;
        };
    }
}
