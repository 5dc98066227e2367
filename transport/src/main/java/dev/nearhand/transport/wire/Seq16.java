package dev.nearhand.transport.wire;

/// Arithmetic on 16-bit sequence numbers that wrap (RFC 3550 appendix A.1), held in an `int` of 0–65535.
public final class Seq16 {
    private Seq16() {}

    /// `a - b` the short way round: negative when `a` is older, in -32768..32767.
    public static int distance(int a, int b) {
        return (short) (a - b);
    }

    /// Whether `a` comes after `b`.
    public static boolean isNewer(int a, int b) {
        return distance(a, b) > 0;
    }

    /// The number `steps` after `seq`.
    public static int plus(int seq, int steps) {
        return (seq + steps) & 0xFFFF;
    }

    /// The 48-bit-safe extension of `seq` that lies nearest to `reference`, an already extended number; may be negative
    /// where `reference` is near zero.
    public static long extend(long reference, int seq) {
        return reference + (short) (seq - (int) reference);
    }
}
