package dev.nearhand.transport.congestion;

/// What became of a packet that was sent.
///
/// @param sentNanos on this side's clock
/// @param arrivedNanos on the other side's clock, whose origin is unknown, in steps of 250 µs; [#LOST] when it is said
///     not to have arrived so far
/// @param bytes on the wire
/// @param probe the probe that it was part of, or [#NO_PROBE]
record PacketResult(long sentNanos, long arrivedNanos, int bytes, int probe) {
    static final long LOST = Long.MIN_VALUE;
    static final int NO_PROBE = 0;

    boolean isLost() {
        return arrivedNanos == LOST;
    }
}
