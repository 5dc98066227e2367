package dev.nearhand.transport.rtcp;

import java.util.List;

/// What was understood of a compound packet.
///
/// @param packets in their order
/// @param unknown how many were of a kind that is not spoken here
/// @param malformed how many did not hold what their header promises; nothing is read after a broken header
public record RtcpCompound(List<RtcpPacket> packets, int unknown, int malformed) {
    public RtcpCompound {
        packets = List.copyOf(packets);
    }
}
