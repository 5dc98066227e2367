package dev.nearhand.transport.ice;

/// Where an agent stands, in the words of W3C WebRTC section 5.6.4.
public enum IceState {
    /// The other side's credentials or candidates are not known yet.
    NEW,
    /// Checks are being sent; none has been answered.
    CHECKING,
    /// A path works and may be used; it is not nominated yet.
    CONNECTED,
    /// A nominated path works.
    COMPLETED,
    /// The path has not answered for some seconds. Returns by itself when it answers, or when another one does; until
    /// consent has expired data still goes along it. Or it does answer checks, and the other side's data has not
    /// come after ours: returns when that comes.
    DISCONNECTED,
    /// Nothing answered in time, even in the grace after consent had expired.
    FAILED,
    /// Closed by this side.
    CLOSED;

    /// The table of legal moves.
    boolean mayBecome(IceState next) {
        return switch (this) {
            case NEW -> next == CHECKING || next == CLOSED;
            case CHECKING ->
                next == CONNECTED || next == COMPLETED || next == DISCONNECTED || next == FAILED || next == CLOSED;
            case CONNECTED ->
                next == COMPLETED || next == DISCONNECTED || next == FAILED || next == CHECKING || next == CLOSED;
            case COMPLETED -> next == DISCONNECTED || next == FAILED || next == CHECKING || next == CLOSED;
            case DISCONNECTED ->
                next == CONNECTED || next == COMPLETED || next == FAILED || next == CHECKING || next == CLOSED;
            case FAILED -> next == CHECKING || next == CLOSED;
            case CLOSED -> false;
        };
    }
}
