package dev.nearhand.app.connect;

/// What the person at the host answered to somebody who has the right code.
public enum Consent {
    REFUSED,
    VIEW_ONLY,
    CONTROL
}
