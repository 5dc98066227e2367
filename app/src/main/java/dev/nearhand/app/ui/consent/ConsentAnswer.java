package dev.nearhand.app.ui.consent;

/// What the person at the host said to somebody who wants to connect.
public enum ConsentAnswer {
    REFUSE,
    VIEW_ONLY,
    CONTROL
}
