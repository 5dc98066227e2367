package dev.nearhand.app.session;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the connection has carried so far.
///
/// @param roundTrip the latest measured; zero until there is one
/// @param path the kind of path, such as `host/host udp4`; never an address
/// @param counters whatever else the connection counts
public record LinkStats(
        Duration roundTrip, String path, long bytesSent, long bytesReceived, SortedMap<String, Long> counters) {
    public static LinkStats none() {
        return new LinkStats(Duration.ZERO, "", 0, 0, new TreeMap<>());
    }
}
