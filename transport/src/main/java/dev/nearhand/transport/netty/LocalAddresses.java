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

    /// The addresses of all interfaces that are up now; none when the system does not tell. Takes a fraction of a
    /// millisecond.
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

    /// What of them makes candidates, the most preferred first: IPv6 and IPv4 in turns, each in the order of the
    /// interfaces. Where one family does not lead out, a path of the other does not wait behind all its addresses
    /// ([RFC 8421 section 4](https://www.rfc-editor.org/rfc/rfc8421#section-4)).
    ///
    /// @param loopback whether loopback addresses come too, last
    static List<InetAddress> usable(List<InetAddress> present, boolean loopback) {
        Stream<InetAddress> outward = present.stream().filter(address -> !address.isLoopbackAddress());
        Stream<InetAddress> inward = present.stream().filter(address -> loopback && address.isLoopbackAddress());
        return Stream.concat(interleaved(outward), interleaved(inward))
                .limit(LIMIT)
                .toList();
    }

    private static Stream<InetAddress> interleaved(Stream<InetAddress> addresses) {
        List<InetAddress> all =
                addresses.filter(LocalAddresses::isUsable).distinct().toList();
        List<InetAddress> six =
                all.stream().filter(Inet6Address.class::isInstance).toList();
        List<InetAddress> four =
                all.stream().filter(Inet4Address.class::isInstance).toList();
        List<InetAddress> turns = new ArrayList<>();
        for (int turn = 0; turn < Math.max(six.size(), four.size()); turn++) {
            six.stream().skip(turn).limit(1).forEach(turns::add);
            four.stream().skip(turn).limit(1).forEach(turns::add);
        }
        return turns.stream();
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
