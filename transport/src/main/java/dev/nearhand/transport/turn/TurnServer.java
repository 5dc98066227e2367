package dev.nearhand.transport.turn;

import java.net.InetSocketAddress;

/// A server to ask for a relayed address, and as whom.
///
/// @param address resolved
/// @param username with time-limited credentials it begins with the time at which they end; to the client it is just a
///     name
/// @param password as the server knows it, byte for byte
public record TurnServer(InetSocketAddress address, String username, String password) {
    TurnServer at(InetSocketAddress other) {
        return new TurnServer(other, username, password);
    }

    /// Says no address, no name and no password.
    @Override
    public String toString() {
        return "TurnServer[:" + address.getPort() + "]";
    }
}
