package dev.nearhand.transport.interop.matrix;

/// Who makes the offer.
enum Role {
    WE_OFFER("answer"),
    THEY_OFFER("offer");

    private final String theirs;

    Role(String theirs) {
        this.theirs = theirs;
    }

    /// What the other program does, as a driver names it.
    String theirs() {
        return theirs;
    }
}
