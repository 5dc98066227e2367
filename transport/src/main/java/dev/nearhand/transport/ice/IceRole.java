package dev.nearhand.transport.ice;

/// Which side nominates the path (RFC 8445 section 6.1.1).
public enum IceRole {
    CONTROLLING,
    CONTROLLED;

    IceRole opposite() {
        return this == CONTROLLING ? CONTROLLED : CONTROLLING;
    }
}
