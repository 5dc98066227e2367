package dev.nearhand.transport.api;

import java.time.Duration;
import java.util.SortedMap;

/// What a connection has done so far: an immutable snapshot.
///
/// @param connectTime from the first moment both descriptions were known to the agreed keys; zero until then
/// @param roundTrip the latest round trip measured by ICE on the selected path; zero until there is one
/// @param path the kind of path, such as `host/host udp4`; empty until there is one; never an address
/// @param packetsSent UDP datagrams sent, of every protocol
/// @param counters everything else that is counted, by stage, such as `rtp.retransmitted` or `dropped.unknownProtocol`
public record ConnectionStats(
        ConnectionState state,
        Duration connectTime,
        Duration roundTrip,
        String path,
        long packetsSent,
        long bytesSent,
        long packetsReceived,
        long bytesReceived,
        SortedMap<String, Long> counters) {
    /// One of [#counters], 0 when it never happened.
    public long counter(String name) {
        return counters.getOrDefault(name, 0L);
    }
}
