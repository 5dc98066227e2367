package dev.nearhand.transport.rtp;

import dev.nearhand.transport.time.TimerTable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The packets of a stream that are missing, and when to ask for each (again).
///
/// Holds at most [#MAX_MISSING]; a gap that does not fit cannot be repaired, and the list is emptied for a key frame to
/// help. A packet is asked for [#MAX_REQUESTS] times.
final class NackList {
    static final int MAX_MISSING = 1_000;
    static final int MAX_REQUESTS = 10;

    /// How many fit in one RTCP packet in the worst case, each with an entry of its own.
    static final int MAX_AT_ONCE = 120;

    /// A packet that was overtaken is on its way still: it is not asked for at once.
    private static final long MIN_REORDERING_NANOS = 1_000_000;
    private static final long MAX_REORDERING_NANOS = 5_000_000;

    private static final long MIN_REPEAT_NANOS = 10_000_000;

    private static final class Missing {
        long firstAskNanos;
        long askedNanos;
        int asked;

        /// As the round-trip time is known now, which at the first request it may not have been.
        long dueNanos(long rttNanos) {
            return asked == 0 ? firstAskNanos : askedNanos + Math.max(MIN_REPEAT_NANOS, rttNanos + rttNanos / 4);
        }
    }

    private final TreeMap<Long, Missing> missing = new TreeMap<>();

    /// The packets from `first` on, before `end`, were overtaken.
    ///
    /// @return false when that is more than can be repaired
    boolean add(long nowNanos, long first, long end, long rttNanos) {
        if (missing.size() + end - first > MAX_MISSING) {
            missing.clear();
            return false;
        }
        long askAt = nowNanos + Math.clamp(rttNanos / 4, MIN_REORDERING_NANOS, MAX_REORDERING_NANOS);
        for (long sequence = first; sequence < end; sequence++) {
            Missing entry = new Missing();
            entry.firstAskNanos = askAt;
            missing.put(sequence, entry);
        }
        return true;
    }

    /// What became of a packet that has come late.
    ///
    /// @param asked how often it had been asked for
    /// @param sinceFirstAskedNanos how long ago, when that was once
    record Arrival(int asked, long sinceFirstAskedNanos) {}

    /// A late packet has come; with `asked` 0 when it was not missed.
    Arrival arrived(long nowNanos, long sequence) {
        Missing entry = missing.remove(sequence);
        return entry == null ? new Arrival(0, 0) : new Arrival(entry.asked, nowNanos - entry.askedNanos);
    }

    /// Nothing before `sequence` is needed any more.
    void dropBefore(long sequence) {
        missing.headMap(sequence).clear();
    }

    void clear() {
        missing.clear();
    }

    int size() {
        return missing.size();
    }

    /// The numbers to ask for now, oldest first; each is due again after a round trip and a quarter.
    List<Integer> pollDue(long nowNanos, long rttNanos) {
        if (missing.isEmpty()) {
            return List.of();
        }
        List<Integer> due = new ArrayList<>();
        Iterator<Map.Entry<Long, Missing>> entries = missing.entrySet().iterator();
        while (entries.hasNext() && due.size() < MAX_AT_ONCE) {
            Map.Entry<Long, Missing> next = entries.next();
            Missing entry = next.getValue();
            if (entry.dueNanos(rttNanos) > nowNanos) {
                continue;
            }
            if (entry.asked == MAX_REQUESTS) {
                entries.remove();
                continue;
            }
            entry.asked++;
            entry.askedNanos = nowNanos;
            due.add((int) (next.getKey() & 0xFFFF));
        }
        return due;
    }

    long nextNanos(long rttNanos) {
        long next = TimerTable.NEVER;
        for (Missing entry : missing.values()) {
            next = Math.min(next, entry.dueNanos(rttNanos));
        }
        return next;
    }
}
