package dev.nearhand.transport.turn;

import java.util.SortedMap;
import java.util.TreeMap;

/// What happened how often, by names that the code gives; nothing from the wire becomes a name.
final class Counters {
    private final TreeMap<String, Long> byName = new TreeMap<>();

    void count(String name) {
        byName.merge(name, 1L, Long::sum);
    }

    SortedMap<String, Long> snapshot() {
        return new TreeMap<>(byName);
    }
}
