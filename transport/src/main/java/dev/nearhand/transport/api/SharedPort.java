package dev.nearhand.transport.api;

import dev.nearhand.transport.netty.SharedUdpPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.SortedMap;

/// One UDP port of this machine that many connections share, each to another program: a server then needs one hole in
/// its firewall. Connections take part by [PeerConfig#withSharedPort], at most 1,024 at a time.
///
/// The other sides have to come from different addresses or ports: two connections to one shared port of theirs cannot
/// be told apart once data flows. All connections of a port run on one thread. Methods may be called from any thread.
public final class SharedPort implements AutoCloseable {
    /// What has come and gone since the port was opened.
    ///
    /// @param connections that take part now
    /// @param counters such as `dropped.unknownUfrag`: what came for nobody
    public record Stats(
            int connections,
            long packetsSent,
            long bytesSent,
            long packetsReceived,
            long bytesReceived,
            SortedMap<String, Long> counters) {
        public long counter(String name) {
            return counters.getOrDefault(name, 0L);
        }
    }

    private final SharedUdpPort port;

    private SharedPort(SharedUdpPort port) {
        this.port = port;
    }

    /// @param address one of this machine's, which the other sides are told; its port is 1–65535, or 0 for one that the
    ///     system chooses
    /// @throws IllegalArgumentException when the address is a wildcard, which nobody could be told
    /// @throws TransportException `NO_NETWORK` when it cannot be opened
    public static SharedPort open(InetSocketAddress address) {
        if (address.isUnresolved() || address.getAddress().isAnyLocalAddress()) {
            throw new IllegalArgumentException("a shared port needs one address of this machine, not a wildcard");
        }
        try {
            return new SharedPort(SharedUdpPort.open(address));
        } catch (IOException failure) {
            throw new TransportException(
                    TransportException.Code.NO_NETWORK,
                    failure.getMessage() + "; is it in use, or is the address not of this machine?",
                    failure);
        }
    }

    /// With the port that it got.
    public InetSocketAddress address() {
        return port.local();
    }

    public Stats stats() {
        var network = port.stats();
        return new Stats(
                port.connections(),
                network.packetsSent(),
                network.bytesSent(),
                network.packetsReceived(),
                network.bytesReceived(),
                port.counters());
    }

    SharedUdpPort port() {
        return port;
    }

    /// Takes the port away from its connections, which fail unless they are closed already; those still get the second
    /// that their goodbye may take, and so long the port is in use. Closing twice does no harm.
    @Override
    public void close() {
        port.close();
    }
}
