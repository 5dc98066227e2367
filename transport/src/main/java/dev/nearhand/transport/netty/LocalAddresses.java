package dev.nearhand.transport.netty;

import dev.nearhand.transport.netty.UdpPort.OpenFailure;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/// Which addresses of this machine can be host candidates ([RFC 8445 section
/// 5.1.1.1](https://www.rfc-editor.org/rfc/rfc8445#section-5.1.1.1)).
final class LocalAddresses {
    /// More interfaces than this only slow the checks down; the first ones win.
    static final int LIMIT = 16;

    private LocalAddresses() {}

    /// Addresses of all interfaces that are up, IPv6 before IPv4 on each (RFC 8421).
    ///
    /// @param loopback whether loopback addresses come too, last; they come anyway when there is nothing else
    static List<InetAddress> usable(boolean loopback) throws OpenFailure {
        List<InetAddress> outward = new ArrayList<>();
        List<InetAddress> inward = new ArrayList<>();
        try {
            for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (device.isUp()) {
                    for (InetAddress address : Collections.list(device.getInetAddresses())) {
                        if (isUsable(address)) {
                            (address.isLoopbackAddress() ? inward : outward).add(address);
                        }
                    }
                }
            }
        } catch (SocketException failure) {
            throw new OpenFailure("the network interfaces of this machine cannot be listed", failure);
        }
        if (loopback || outward.isEmpty()) {
            outward.addAll(inward);
        }
        List<InetAddress> chosen = outward.stream()
                .sorted(Comparator.comparing(InetAddress::isLoopbackAddress))
                .toList();
        return chosen.subList(0, Math.min(LIMIT, chosen.size()));
    }

    /// A link-local IPv6 address means nothing without its interface, which a candidate cannot say; site-local ones are
    /// deprecated (RFC 3879): "MUST NOT be included".
    private static boolean isUsable(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        return !(address instanceof Inet6Address six)
                || !(six.isLinkLocalAddress() || six.isSiteLocalAddress() || six.isIPv4CompatibleAddress());
    }

    /// Where questions to the local link can be asked.
    static List<NetworkInterface> multicastInterfaces() {
        List<NetworkInterface> usable = new ArrayList<>();
        try {
            for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (device.isUp() && device.supportsMulticast() && !device.isPointToPoint() && hasIpv4(device)) {
                    usable.add(device);
                }
            }
        } catch (SocketException unlisted) {
            return List.of(); // nobody is asked, then
        }
        return usable.subList(0, Math.min(LIMIT, usable.size()));
    }

    private static boolean hasIpv4(NetworkInterface device) {
        return device.inetAddresses().anyMatch(Inet4Address.class::isInstance);
    }
}
