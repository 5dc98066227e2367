package dev.nearhand.transport.netty;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.List;

/// What one interface of this machine is connected to.
///
/// @param number that of the system
/// @param prefixes of the addresses that can be reached without a router, at the time that it was made
record LocalLink(int number, NetworkInterface device, List<Prefix> prefixes) {
    /// @param address whose first `bits` bits are common to all there
    record Prefix(byte[] address, int bits) {
        boolean holds(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < Math.min(bits, address.length * Byte.SIZE); bit++) {
                int mask = 0x80 >> bit % Byte.SIZE;
                if (((address[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    static LocalLink of(NetworkInterface device) {
        return new LocalLink(
                device.getIndex(),
                device,
                device.getInterfaceAddresses().stream().map(LocalLink::prefixOf).toList());
    }

    private static Prefix prefixOf(InterfaceAddress bound) {
        return new Prefix(bound.getAddress().getAddress(), bound.getNetworkPrefixLength());
    }

    boolean hasIpv6() {
        return device.inetAddresses().anyMatch(Inet6Address.class::isInstance);
    }

    /// Whether who has this address is on the link ([RFC 6762 section
    /// 11](https://www.rfc-editor.org/rfc/rfc6762#section-11)).
    boolean reaches(InetAddress address) {
        if (address instanceof Inet6Address six && six.isLinkLocalAddress()) {
            return six.getScopeId() == number;
        }
        return prefixes.stream().anyMatch(prefix -> prefix.holds(address.getAddress()));
    }
}
