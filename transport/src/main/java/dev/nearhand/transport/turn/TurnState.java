package dev.nearhand.transport.turn;

/// Where a [TurnClient] stands.
public enum TurnState {
    /// The server has not been asked.
    NEW,
    ALLOCATING,
    /// The server relays.
    ALLOCATED,
    /// The server has been asked to forget the allocation.
    DELETING,
    ENDED;

    /// The table of legal moves.
    boolean mayBecome(TurnState next) {
        return switch (this) {
            case NEW -> next == ALLOCATING || next == ENDED;
            case ALLOCATING -> next == ALLOCATED || next == DELETING || next == ENDED;
            case ALLOCATED -> next == DELETING || next == ENDED;
            case DELETING -> next == ENDED;
            case ENDED -> false;
        };
    }
}
