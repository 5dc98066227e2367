package dev.nearhand.transport.signaling;

/// What an endpoint of a server does.
public enum EndpointKind {
    /// Clients publish to it.
    WHIP,
    /// Clients watch from it.
    WHEP
}
