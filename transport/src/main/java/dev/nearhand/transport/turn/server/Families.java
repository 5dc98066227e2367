package dev.nearhand.transport.turn.server;

import dev.nearhand.transport.stun.StunAttribute.RequestedAddressFamily;
import java.net.Inet6Address;
import java.net.InetAddress;

/// The two address families as STUN numbers them.
final class Families {
    private Families() {}

    static boolean isIpv6(InetAddress address) {
        return address instanceof Inet6Address;
    }

    static boolean isKnown(int family) {
        return family == RequestedAddressFamily.IPV4 || family == RequestedAddressFamily.IPV6;
    }

    static boolean isOf(InetAddress address, int family) {
        return isIpv6(address) == (family == RequestedAddressFamily.IPV6);
    }
}
