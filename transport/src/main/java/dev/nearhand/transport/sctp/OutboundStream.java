package dev.nearhand.transport.sctp;

import java.util.ArrayDeque;

/// The messages of one stream that wait to be sent, and its place among the others.
final class OutboundStream {
    static final int DEFAULT_WEIGHT = 256;

    final int id;

    /// Bounded by the send buffer of the association.
    final ArrayDeque<OutgoingMessage> messages = new ArrayDeque<>();

    int weight = DEFAULT_WEIGHT;
    int nextSsn;

    /// The next MID of an unordered message; ordered ones count in [#nextSsn].
    int nextUnorderedMid;

    /// Its small messages are sent again before they are known to be lost.
    boolean redundant;

    long bufferedBytes;
    long lowThresholdBytes;

    /// When this stream's turn comes, in bytes divided by weight: the lowest of all streams goes next.
    long virtualTime;

    /// Takes no more messages until the peer has answered a reset.
    boolean resetting;

    OutboundStream(int id) {
        this.id = id;
    }
}
