package dev.nearhand.app.connect;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Under which addresses this machine can be reached, as a person reads them to another one.
public final class LocalAddresses {
    private static final int LIMIT = 8;

    private LocalAddresses() {}

    /// The best one first: IPv4 before IPv6, because it is shorter to say. Loopback only when there is nothing else.
    public static List<InetAddress> reachable() {
        List<InetAddress> found;
        try {
            found = NetworkInterface.networkInterfaces()
                    .filter(LocalAddresses::isUsable)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .sorted(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                    .limit(LIMIT)
                    .toList();
        } catch (SocketException _) {
            found = List.of();
        }
        return found.isEmpty() ? List.of(InetAddress.getLoopbackAddress()) : found;
    }

    /// `192.0.2.7:47800`, `[2001:db8::7]:47800`.
    public static List<String> withPort(List<InetAddress> addresses, int port) {
        return addresses.stream()
                .flatMap(address -> address.isAnyLocalAddress() ? reachable().stream() : Stream.of(address))
                .map(address -> text(address) + ":" + port)
                .distinct()
                .toList();
    }

    /// Whether a host's name or address leads to this machine. Asks the system for a name's addresses.
    static boolean isThisMachine(String host) {
        try {
            InetAddress resolved = InetAddress.getByName(host);
            return resolved.isLoopbackAddress() || reachable().contains(resolved);
        } catch (UnknownHostException _) {
            return false;
        }
    }

    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet4Address ? text : "[" + text.replaceAll("%.*", "") + "]";
    }

    private static boolean isUsable(NetworkInterface network) {
        try {
            return network.isUp() && !network.isLoopback();
        } catch (SocketException _) {
            return false;
        }
    }
}
