package dev.nearhand.transport.api;

/// Which ways a connection may go.
public enum IceTransportPolicy {
    /// Every one; the best that works is used.
    ALL,
    /// Through TURN servers only: the other side learns no address of this machine.
    RELAY
}
