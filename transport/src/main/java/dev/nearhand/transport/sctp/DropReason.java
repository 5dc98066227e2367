package dev.nearhand.transport.sctp;

/// Why something from the wire was not used; counted, never thrown.
public enum DropReason {
    /// Too short for a packet, or the checksum is wrong.
    BAD_PACKET,
    WRONG_PORT,
    WRONG_TAG,
    /// A chunk whose length or content makes no sense.
    MALFORMED_CHUNK,
    UNKNOWN_CHUNK,
    /// A chunk that this state does not expect, as DATA before the association stands.
    UNEXPECTED_CHUNK,
    BAD_COOKIE,
    BAD_INIT,
    /// A SACK older than one seen before.
    OLD_SACK,
    /// A SACK for data never sent, or gap blocks out of order.
    BAD_SACK,
    DUPLICATE_DATA,
    /// DATA further ahead than a SACK could tell, or more gaps than are kept.
    DATA_OUT_OF_RANGE,
    /// DATA for which the receive window has no room.
    WINDOW_FULL,
    /// DATA on a stream that was not agreed on.
    INVALID_STREAM,
    /// A message whose stream sequence number has gone by.
    OLD_SEQUENCE,
    /// A fragment whose message the peer has abandoned.
    ABANDONED_FRAGMENT,
    /// An answer that found the queue of control chunks full.
    CONTROL_QUEUE_FULL,
    /// A stream reset out of sequence.
    BAD_RECONFIG
}
