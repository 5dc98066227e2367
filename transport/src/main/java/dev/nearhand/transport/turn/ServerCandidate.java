package dev.nearhand.transport.turn;

import java.net.InetSocketAddress;

/// One way to reach a server.
///
/// @param address resolved
public record ServerCandidate(InetSocketAddress address, ServerUri.Transport transport) {
    /// Says no address.
    @Override
    public String toString() {
        return "ServerCandidate[" + transport + " :" + address.getPort() + "]";
    }
}
