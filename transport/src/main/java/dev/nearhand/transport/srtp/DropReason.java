package dev.nearhand.transport.srtp;

/// Why a protected packet was not let in.
public enum DropReason {
    /// Shorter than its header, its tag and its index need.
    TOO_SHORT,
    /// Longer than any datagram that is expected here.
    TOO_LONG,
    /// Not version 2, or a header that points beyond the packet.
    MALFORMED,
    /// Seen before.
    REPLAYED,
    /// So far behind the newest one that it can no longer be told whether it was seen before.
    TOO_OLD,
    /// The tag does not fit: another key, another rollover counter, or changed on the way.
    NOT_AUTHENTIC,
    /// Authentic, but from one source more than are kept.
    TOO_MANY_SOURCES
}
