package dev.nearhand.transport.peer;

/// Which half of an offer/answer exchange a description is.
public enum SdpKind {
    OFFER,
    ANSWER
}
