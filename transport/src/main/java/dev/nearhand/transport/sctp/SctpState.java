package dev.nearhand.transport.sctp;

/// The states of an association (RFC 9260 section 4). An association starts and ends in [#CLOSED].
public enum SctpState {
    CLOSED,
    COOKIE_WAIT,
    COOKIE_ECHOED,
    ESTABLISHED,
    SHUTDOWN_PENDING,
    SHUTDOWN_SENT,
    SHUTDOWN_RECEIVED,
    SHUTDOWN_ACK_SENT
}
