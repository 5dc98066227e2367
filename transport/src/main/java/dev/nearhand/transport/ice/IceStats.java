package dev.nearhand.transport.ice;

import java.util.SortedMap;

/// What an agent has done so far: an immutable snapshot.
///
/// @param path the kind of the selected path, such as `host/prflx udp4`, or empty; never an address
/// @param roundTripNanos the latest round trip on the selected path, or 0
/// @param counters by name, such as `checks.sent` or `dropped.badIntegrity`
public record IceStats(
        IceState state,
        IceRole role,
        String path,
        long roundTripNanos,
        int localCandidates,
        int remoteCandidates,
        int pairs,
        SortedMap<String, Long> counters) {
    /// One of [#counters], 0 when it never happened.
    public long counter(String name) {
        return counters.getOrDefault(name, 0L);
    }
}
