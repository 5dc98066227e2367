package dev.nearhand.transport.sctp;

import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;

/// A message on its way out, with how far it has come. Its bytes stay until the last fragment is acknowledged.
final class OutgoingMessage {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long MAX_LIFETIME_MILLIS = Long.MAX_VALUE / 4 / NANOS_PER_MILLI;

    final int streamId;
    final int ppid;
    final boolean unordered;
    final byte[] bytes;
    final int maxRetransmits;
    final long expiresNanos;

    /// Given with the first fragment: the stream sequence number, of ordered messages only, or the MID when
    /// interleaving.
    int ssn;

    /// Sent as I-DATA.
    boolean interleaved;

    /// Fragments that have been cut; I-DATA numbers them.
    int fragments;

    /// Bytes that have been cut into fragments.
    int offset;

    /// TSNs of the fragments so far; meaningless before the first.
    int firstTsn;

    int lastTsn;
    boolean abandoned;

    OutgoingMessage(
            long nowNanos, int streamId, int ppid, boolean unordered, Reliability reliability, ByteBuffer message) {
        this.streamId = streamId;
        this.ppid = ppid;
        this.unordered = unordered;
        this.bytes = new byte[message.remaining()];
        message.get(message.position(), bytes);
        this.maxRetransmits = switch (reliability) {
            case Reliability.MaxRetransmits limited -> limited.count();
            case Reliability.Reliable _, Reliability.MaxLifetime _ -> Integer.MAX_VALUE;
        };
        this.expiresNanos = switch (reliability) {
            case Reliability.MaxLifetime limited ->
                nowNanos + Math.min(limited.millis(), MAX_LIFETIME_MILLIS) * NANOS_PER_MILLI;
            case Reliability.Reliable _, Reliability.MaxRetransmits _ -> TimerTable.NEVER;
        };
    }

    boolean isBegun() {
        return offset > 0;
    }

    int remaining() {
        return bytes.length - offset;
    }

    boolean isExpired(long nowNanos) {
        return nowNanos > expiresNanos;
    }
}
