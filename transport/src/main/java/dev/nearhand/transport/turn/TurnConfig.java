package dev.nearhand.transport.turn;

/// The times of a client.
///
/// @param rtoNanos when a request is first sent again (RFC 8489 section 6.2.1)
/// @param lifetimeSeconds asked for when allocating and refreshing
/// @param keepaliveNanos the longest silence towards the server, so that a NAT in between keeps its mapping
/// @param deletionNanos how long the answer to a deletion is waited for
public record TurnConfig(long rtoNanos, long lifetimeSeconds, long keepaliveNanos, long deletionNanos) {
    private static final long MILLIS = 1_000_000;

    public TurnConfig {
        if (rtoNanos <= 0 || lifetimeSeconds <= 0 || keepaliveNanos <= 0 || deletionNanos <= 0) {
            throw new IllegalArgumentException("times are positive");
        }
    }

    public static TurnConfig defaults() {
        return new TurnConfig(250 * MILLIS, 600, 15_000 * MILLIS, 1_000 * MILLIS);
    }
}
