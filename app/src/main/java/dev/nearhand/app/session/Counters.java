package dev.nearhand.app.session;

import java.util.SortedMap;
import java.util.TreeMap;

/// Counts of things by name. The names are ours, never the other side's, so there are few. Any thread.
final class Counters {
    private final SortedMap<String, Long> counts = new TreeMap<>();

    void count(String name) {
        count(name, 1);
    }

    synchronized void count(String name, long amount) {
        counts.merge(name, amount, Long::sum);
    }

    synchronized long of(String name) {
        return counts.getOrDefault(name, 0L);
    }

    synchronized SortedMap<String, Long> snapshot() {
        return new TreeMap<>(counts);
    }
}
