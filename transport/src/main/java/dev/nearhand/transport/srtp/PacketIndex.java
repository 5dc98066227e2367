package dev.nearhand.transport.srtp;

import dev.nearhand.transport.wire.Seq16;

/// Guesses the 48-bit index of a packet, rollover counter and sequence number, from the sequence number alone (RFC 3711
/// section 3.3.1).
final class PacketIndex {
    static final long UNKNOWN = -1;
    static final long MAX = (1L << 48) - 1;

    private static final int CYCLE = 1 << 16;

    private PacketIndex() {}

    /// The index of `sequence` that lies nearest to the newest known one.
    ///
    /// Before index 0 there is nothing: a number that seems to be from there is from the first cycle.
    ///
    /// @param newest the highest index so far, or [#UNKNOWN]
    static long guess(long newest, int sequence) {
        if (newest == UNKNOWN) {
            return sequence;
        }
        long index = Seq16.extend(newest, sequence);
        return index < 0 ? index + CYCLE : index;
    }

    /// What else the first packet of a source may be: when it is from the first half of a cycle, the cycle may have
    /// rolled over once while everything before was lost; otherwise [#UNKNOWN].
    static long secondGuess(long newest, int sequence) {
        return newest == UNKNOWN && sequence < CYCLE / 2 ? sequence + CYCLE : UNKNOWN;
    }
}
