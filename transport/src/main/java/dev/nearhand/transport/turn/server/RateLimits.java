package dev.nearhand.transport.turn.server;

/// How many requests that prove nothing (Binding, and those that are answered with 401, 438 or 400) are answered; the
/// others are dropped in silence.
///
/// @param perAddressPerSecond of one IPv4 address, or one IPv6 network of 64 bits
/// @param perAddressBurst how many of them at once
/// @param overallPerSecond of all together, with bursts of one second
public record RateLimits(int perAddressPerSecond, int perAddressBurst, int overallPerSecond) {
    public RateLimits {
        if (perAddressPerSecond <= 0 || perAddressBurst <= 0 || overallPerSecond <= 0) {
            throw new IllegalArgumentException("a server that answers nobody's first request serves nobody");
        }
    }

    public static RateLimits defaults() {
        return new RateLimits(40, 160, 5_000);
    }
}
