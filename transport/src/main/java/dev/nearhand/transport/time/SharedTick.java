package dev.nearhand.transport.time;

/// Instants that all connections of a program have in common, four a second: what need not happen at an exact time is
/// put off to the next of them, so that a thread with a hundred idle connections wakes for several at once.
///
/// Cores agree on these instants when their clocks do; see `NettyPeer`, which begins each at one of them.
public final class SharedTick {
    /// Between two of them, and the most that rounding adds.
    public static final long NANOS = 250_000_000;

    private SharedTick() {}

    /// The first at or after a time that is not negative.
    public static long from(long nanos) {
        return (nanos + NANOS - 1) / NANOS * NANOS;
    }

    /// The first after `wanted`, or else the last before it, that lies between two times; `wanted` itself where none
    /// does.
    ///
    /// @param wanted lies between the two
    public static long within(long earliest, long wanted, long latest) {
        long next = from(wanted);
        if (next <= latest) {
            return next;
        }
        long previous = next - NANOS;
        return previous >= earliest ? previous : wanted;
    }
}
