package dev.nearhand.transport.congestion;

/// Some packets that are sent faster than the estimate, to see whether they arrive as fast.
///
/// @param id counts from 1
/// @param rateBps at which it is sent
/// @param bytes that it takes at least
public record Probe(int id, double rateBps, int bytes) {
    /// The fewest packets that say something.
    static final int LEAST_PACKETS = 5;

    /// At the beginning, when nobody knows how much is too much.
    static final double SHORT_SECONDS = 0.015;

    /// Later: longer than flows beside this one are silent between two of their frames.
    static final double LONG_SECONDS = 0.05;

    private static final int LEAST_BYTES = LEAST_PACKETS * 1_200;

    static Probe of(int id, double rateBps, double seconds) {
        return new Probe(id, rateBps, Math.max(LEAST_BYTES, (int) (rateBps * seconds / 8)));
    }
}
