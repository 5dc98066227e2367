package dev.nearhand.app.signaling;

/// Why a host does not let a viewer in, by the names that travel.
public enum Refusal {
    WRONG_CODE("wrongCode"),
    /// Too many wrong codes came; nothing is looked at for a while.
    LOCKED("locked"),
    /// Somebody else is watching or asking.
    BUSY("busy"),
    /// The person at the host said no, or nothing.
    DECLINED("declined"),
    VERSION("version"),
    FAILED("failed"),
    /// There is no such session to come back into.
    OVER("over"),
    /// Of a rendezvous: there is no host of that number.
    NO_HOST("noHost");

    private final String wireName;

    Refusal(String wireName) {
        this.wireName = wireName;
    }

    public SignalMessage.Refused because(String message) {
        return new SignalMessage.Refused(wireName, message);
    }

    public boolean isCauseOf(SignalMessage.Refused refused) {
        return refused.cause().equals(wireName);
    }
}
