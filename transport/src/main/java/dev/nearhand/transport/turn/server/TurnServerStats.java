package dev.nearhand.transport.turn.server;

import java.util.SortedMap;

/// What a server carries now, and what has happened since it began.
///
/// @param counters by names that the code gives
public record TurnServerStats(int allocations, int streams, SortedMap<String, Long> counters) {
    public long counter(String name) {
        return counters.getOrDefault(name, 0L);
    }
}
