package dev.nearhand.transport.sctp;

import java.util.Map;

/// What an association has done so far: a snapshot.
///
/// @param copiedChunks what redundant streams sent again without knowing that it was lost
/// @param smoothedRttNanos 0 before the first measurement
/// @param peerWindowBytes what the peer still takes beyond what is in flight
/// @param packetBytes the largest packet that the path is known to carry
/// @param drops how often each reason occurred; reasons that never did are absent
public record SctpStats(
        long packetsSent,
        long packetsReceived,
        long dataChunksSent,
        long dataChunksReceived,
        long retransmittedChunks,
        long fastRecoveries,
        long timeouts,
        long tailProbes,
        long copiedChunks,
        long abandonedMessages,
        long forwardTsnsSent,
        long messagesSent,
        long messagesReceived,
        int congestionWindowBytes,
        int flightBytes,
        long peerWindowBytes,
        long smoothedRttNanos,
        long bufferedBytes,
        int packetBytes,
        Map<DropReason, Long> drops) {}
