package dev.nearhand.transport.turn.server;

/// How much a server carries at most; what is asked for beyond it is refused with 486 (a user, an address) or 508
/// (all).
///
/// @param allocations of all clients together
/// @param allocationsPerUser of one account
/// @param allocationsPerAddress of one IPv4 address, or one IPv6 network of 64 bits
/// @param streams TCP and TLS connections at a time
/// @param bytesPerSecond through one allocation in both directions together, with bursts of one second; what comes
///     beyond it is dropped; 0 for no limit
public record Quotas(
        int allocations, int allocationsPerUser, int allocationsPerAddress, int streams, long bytesPerSecond) {
    public Quotas {
        if (allocations < 0
                || allocationsPerUser < 0
                || allocationsPerAddress < 0
                || streams < 0
                || bytesPerSecond < 0) {
            throw new IllegalArgumentException("a quota is not negative");
        }
    }

    public static Quotas defaults() {
        return new Quotas(2_000, 32, 64, 1_000, 0);
    }
}
