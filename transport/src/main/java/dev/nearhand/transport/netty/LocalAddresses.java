package dev.nearhand.transport.netty;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which addresses of this machine can be host candidates ([RFC 8445 section
/// 5.1.1.1](https://www.rfc-editor.org/rfc/rfc8445#section-5.1.1.1)).
final class LocalAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(LocalAddresses.class);

    /// More interfaces than this only slow the checks down; the first ones win.
    static final int LIMIT = 16;

    private LocalAddresses() {}

    /// The addresses of all interfaces that are up now, IPv6 before IPv4 on each (RFC 8421); none when the system does
    /// not tell. Takes a fraction of a millisecond.
    static List<InetAddress> present() {
        List<InetAddress> found = new ArrayList<>();
        try {
            for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (device.isUp()) {
                    found.addAll(Collections.list(device.getInetAddresses()));
                }
            }
        } catch (SocketException failure) {
            LOG.warn("the network interfaces of this machine cannot be listed: {}", failure.getMessage());
        }
        return found;
    }

    /// What of them makes candidates.
    ///
    /// @param loopback whether loopback addresses come too, last
    static List<InetAddress> usable(List<InetAddress> present, boolean loopback) {
        Stream<InetAddress> outward = present.stream().filter(address -> !address.isLoopbackAddress());
        Stream<InetAddress> inward = present.stream().filter(address -> loopback && address.isLoopbackAddress());
        return Stream.concat(outward, inward)
                .filter(LocalAddresses::isUsable)
                .distinct()
                .limit(LIMIT)
                .toList();
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
