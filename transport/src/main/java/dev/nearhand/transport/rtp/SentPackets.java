package dev.nearhand.transport.rtp;

import org.jspecify.annotations.Nullable;

/// The last packets of a stream, those that wait to be sent and those that may be asked for again.
///
/// Bounded by packets, and so by bytes: at most [#CAPACITY] of [RtpSender#MAX_PACKET_BYTES] each. What is older than
/// [#KEPT_NANOS] is no longer handed out, except the newest.
final class SentPackets {
    static final int CAPACITY = 4096;
    static final long KEPT_NANOS = 3_000_000_000L;

    /// One packet, in a slot that is used again.
    static final class Entry {
        final byte[] bytes = new byte[RtpSender.MAX_PACKET_BYTES];
        int length;
        int headerBytes;
        int transportOffset;
        long sequence;
        long sentNanos;
        long repeatedNanos;
        boolean repeated;
        boolean queued;
        boolean asItWas;
    }

    private final @Nullable Entry[] entries = new Entry[CAPACITY];

    /// The slot of a new packet, which takes the place of the one that is [#CAPACITY] older.
    Entry claim(long sequence) {
        int slot = slot(sequence);
        Entry entry = entries[slot];
        if (entry == null) {
            entry = new Entry();
            entries[slot] = entry;
        }
        entry.sequence = sequence;
        entry.length = 0;
        entry.repeated = false;
        entry.queued = false;
        return entry;
    }

    /// The packet with that extended sequence number, or null when it is not kept any more.
    @Nullable
    Entry find(long sequence) {
        Entry entry = entries[slot(sequence)];
        return entry != null && entry.sequence == sequence ? entry : null;
    }

    private static int slot(long sequence) {
        return (int) (sequence & CAPACITY - 1);
    }
}
