package dev.nearhand.transport.dtls;

/// Why a record that arrived after the handshake was not let in.
public enum DtlsDropReason {
    /// Not made of whole records.
    MALFORMED,
    /// Another version than DTLS 1.2, or a type of content that DTLS 1.2 does not have.
    OTHER_PROTOCOL,
    /// Of the handshake's plain records, or of keys that were never agreed on.
    OTHER_EPOCH,
    /// Shorter than its nonce and its tag.
    TOO_SHORT,
    /// Longer than any datagram that is expected here.
    TOO_LONG,
    /// Seen before.
    REPLAYED,
    /// So far behind the newest one that it can no longer be told whether it was seen before.
    TOO_OLD,
    /// The tag does not fit: another key, or changed on the way.
    NOT_AUTHENTIC,
    /// Authentic, but it would begin another handshake, which is refused.
    RENEGOTIATION,
    /// Authentic, but nothing that belongs here after the handshake.
    UNEXPECTED
}
