package dev.nearhand.transport.peer;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a peer connection did so far: a snapshot.
///
/// @param connectNanos from both descriptions known to keys agreed, 0 until then
/// @param roundTripNanos the latest on the selected path, 0 until there is one
/// @param pathKind such as `host/prflx udp4`, empty until there is one
/// @param counters everything that is only counted, by `stage.name`
public record PeerStats(long connectNanos, long roundTripNanos, String pathKind, SortedMap<String, Long> counters) {
    /// Collects counters; one that is still zero is left out.
    static final class Counters {
        private final SortedMap<String, Long> values = new TreeMap<>();

        void put(String name, long value) {
            if (value != 0) {
                values.put(name, value);
            }
        }

        void add(String name, long value) {
            put(name, values.getOrDefault(name, 0L) + value);
        }

        SortedMap<String, Long> sorted() {
            return Collections.unmodifiableSortedMap(values);
        }
    }
}
