package dev.nearhand.transport.turn.server;

import java.net.InetAddress;

/// An address that is relayed from.
///
/// @param bind of this machine
/// @param advertised what peers send to: the same one, unless the machine stands behind a NAT that maps every port to
///     itself
public record RelayAddress(InetAddress bind, InetAddress advertised) {
    public RelayAddress {
        if (!bind.getClass().equals(advertised.getClass())) {
            throw new IllegalArgumentException("both addresses are of one family");
        }
    }

    public static RelayAddress of(InetAddress address) {
        return new RelayAddress(address, address);
    }

    /// Says no address.
    @Override
    public String toString() {
        return "RelayAddress";
    }
}
