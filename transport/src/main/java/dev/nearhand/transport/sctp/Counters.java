package dev.nearhand.transport.sctp;

import java.util.EnumMap;
import java.util.Map;

/// Counts of one association; plain fields, because they change with every packet.
final class Counters {
    long packetsSent;
    long packetsReceived;
    long dataChunksSent;
    long dataChunksReceived;
    long retransmittedChunks;
    long fastRecoveries;
    long timeouts;
    long tailProbes;
    long copiedChunks;
    long abandonedMessages;
    long forwardTsnsSent;
    long messagesSent;
    long messagesReceived;

    private final long[] drops = new long[DropReason.values().length];

    void drop(DropReason reason) {
        drops[reason.ordinal()]++;
    }

    void drop(DropReason reason, int count) {
        drops[reason.ordinal()] += count;
    }

    Map<DropReason, Long> drops() {
        Map<DropReason, Long> counted = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            if (drops[reason.ordinal()] > 0) {
                counted.put(reason, drops[reason.ordinal()]);
            }
        }
        return counted;
    }
}
