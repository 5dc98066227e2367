package dev.nearhand.transport.turn;

import java.util.SortedMap;
import java.util.TreeMap;

/// What happened how often, by names that the code gives; nothing from the wire becomes a name.
public final class Counters {
    private final TreeMap<String, Long> byName = new TreeMap<>();

    public void count(String name) {
        count(name, 1);
    }

    public void count(String name, long amount) {
        byName.merge(name, amount, Long::sum);
    }

    public SortedMap<String, Long> snapshot() {
        return new TreeMap<>(byName);
    }
}
