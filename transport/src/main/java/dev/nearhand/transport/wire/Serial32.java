package dev.nearhand.transport.wire;

/// Serial number arithmetic on 32 bits (RFC 1982), as SCTP's TSN and RTP's timestamps use it; values are raw `int`s.
public final class Serial32 {
    private Serial32() {}

    /// `a - b` the short way round: negative when `a` is older.
    public static int distance(int a, int b) {
        return a - b;
    }

    /// Whether `a` comes after `b`.
    public static boolean isNewer(int a, int b) {
        return a - b > 0;
    }

    /// Whether `a` comes after `b` or equals it.
    public static boolean isNewerOrEqual(int a, int b) {
        return a - b >= 0;
    }

    /// The extension of `serial` to 64 bits that lies nearest to `reference`.
    public static long extend(long reference, int serial) {
        return reference + (serial - (int) reference);
    }
}
