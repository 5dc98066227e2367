package dev.nearhand.transport.peer;

/// What a description is in the exchange of offers and answers (RFC 9429 section 4.1.8).
public enum SdpKind {
    OFFER,
    /// An answer that another one follows.
    PRANSWER,
    ANSWER,
    /// No description: takes the offer back that stands.
    ROLLBACK
}
