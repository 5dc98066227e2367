package dev.nearhand.transport.peer;

import org.jspecify.annotations.Nullable;

/// How far an exchange of descriptions has come, and which description may come next
/// ([RFC 9429 section 3.2](https://www.rfc-editor.org/rfc/rfc9429#section-3.2)).
public enum SignalingState {
    /// No exchange is under way.
    STABLE,
    HAVE_LOCAL_OFFER,
    HAVE_REMOTE_OFFER,
    /// An offer of the other side was answered provisionally.
    HAVE_LOCAL_PRANSWER,
    /// An offer of ours was answered provisionally.
    HAVE_REMOTE_PRANSWER;

    /// Where a description of this side leads, or null where it may not come.
    @Nullable
    SignalingState afterLocal(SdpKind kind) {
        return switch (this) {
            case STABLE -> kind == SdpKind.OFFER ? HAVE_LOCAL_OFFER : null;
            case HAVE_LOCAL_OFFER ->
                switch (kind) {
                    case OFFER -> HAVE_LOCAL_OFFER;
                    case ROLLBACK -> STABLE;
                    case PRANSWER, ANSWER -> null;
                };
            case HAVE_REMOTE_OFFER ->
                switch (kind) {
                    case PRANSWER -> HAVE_LOCAL_PRANSWER;
                    case ANSWER, ROLLBACK -> STABLE;
                    case OFFER -> null;
                };
            case HAVE_LOCAL_PRANSWER -> afterAnswer(kind);
            case HAVE_REMOTE_PRANSWER -> null;
        };
    }

    /// Where a description of the other side leads, or null where it may not come. Its offer takes back one of ours.
    @Nullable
    SignalingState afterRemote(SdpKind kind) {
        return switch (this) {
            case STABLE -> kind == SdpKind.OFFER ? HAVE_REMOTE_OFFER : null;
            case HAVE_LOCAL_OFFER ->
                switch (kind) {
                    case OFFER -> HAVE_REMOTE_OFFER;
                    case PRANSWER -> HAVE_REMOTE_PRANSWER;
                    case ANSWER, ROLLBACK -> STABLE;
                };
            case HAVE_REMOTE_OFFER ->
                switch (kind) {
                    case OFFER -> HAVE_REMOTE_OFFER;
                    case ROLLBACK -> STABLE;
                    case PRANSWER, ANSWER -> null;
                };
            case HAVE_LOCAL_PRANSWER -> null;
            case HAVE_REMOTE_PRANSWER -> afterAnswer(kind);
        };
    }

    /// A provisional answer may be followed by another one, and is not taken back.
    private @Nullable SignalingState afterAnswer(SdpKind kind) {
        return switch (kind) {
            case PRANSWER -> this;
            case ANSWER -> STABLE;
            case OFFER, ROLLBACK -> null;
        };
    }

    /// Whether an offer stands that nothing has answered.
    boolean isOffered() {
        return this == HAVE_LOCAL_OFFER || this == HAVE_REMOTE_OFFER;
    }
}
