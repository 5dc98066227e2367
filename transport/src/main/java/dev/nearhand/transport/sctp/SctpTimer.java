package dev.nearhand.transport.sctp;

/// The timers of an association, by the names of RFC 9260.
enum SctpTimer {
    /// Sends INIT again.
    T1_INIT,
    /// Sends COOKIE ECHO again.
    T1_COOKIE,
    /// Sends SHUTDOWN or SHUTDOWN ACK again.
    T2_SHUTDOWN,
    /// Sends DATA or FORWARD TSN again.
    T3_RTX,
    /// Looks for lost DATA again when the time for reordering is over (RFC 8985).
    RACK,
    /// Probes a flight whose tail stays unanswered (RFC 8985).
    TAIL_PROBE,
    /// Sends copies of recent messages of a redundant stream.
    COPIES,
    /// Sends the next burst of a paced flow.
    PACING,
    /// Ends a shutdown that the peer draws out.
    T5_SHUTDOWN_GUARD,
    /// Acknowledges a packet that no second one followed.
    DELAYED_SACK,
    /// Asks an idle peer whether it is there.
    HEARTBEAT,
    /// Sends a stream reset again (RFC 6525).
    RECONFIG,
    /// Looks for a larger packet size, or waits for the answer to a probe (RFC 8899).
    PATH_PROBE
}
