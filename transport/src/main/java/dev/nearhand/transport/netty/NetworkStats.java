package dev.nearhand.transport.netty;

/// What passed through the sockets of a connection so far: a snapshot.
///
/// @param sendErrors datagrams that the operating system refused (no route, network down), which is a loss like another
/// @param sendQueueFull datagrams dropped because the socket did not take them fast enough
public record NetworkStats(
        long packetsSent,
        long bytesSent,
        long packetsReceived,
        long bytesReceived,
        long sendErrors,
        long sendQueueFull) {
    static final NetworkStats NOTHING = new NetworkStats(0, 0, 0, 0, 0, 0);

    NetworkStats plus(NetworkStats other) {
        return new NetworkStats(
                packetsSent + other.packetsSent,
                bytesSent + other.bytesSent,
                packetsReceived + other.packetsReceived,
                bytesReceived + other.bytesReceived,
                sendErrors + other.sendErrors,
                sendQueueFull + other.sendQueueFull);
    }
}
