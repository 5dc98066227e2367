package dev.nearhand.transport.mdns;

import java.net.InetAddress;

/// That a host of the local link has an address.
///
/// @param hostName in lower case, without a dot at its end
public record MdnsAnswer(String hostName, InetAddress address) {
    /// Says neither: both name a machine.
    @Override
    public String toString() {
        return "MdnsAnswer[" + address.getAddress().length * 8 + " bits]";
    }
}
