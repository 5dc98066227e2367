package dev.nearhand.transport.wire;

import java.net.InetSocketAddress;

/// The two ends of a datagram as this host sees them: the local address it left from or arrived at, and the remote one.
///
/// A value only; nothing here opens a socket. Both addresses are resolved.
public record Path(InetSocketAddress local, InetSocketAddress remote) {
    /// Says which ports, never which addresses: paths reach log lines, addresses must not.
    @Override
    public String toString() {
        return "Path[:" + local.getPort() + " -> :" + remote.getPort() + "]";
    }
}
