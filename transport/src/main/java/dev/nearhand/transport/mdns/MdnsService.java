package dev.nearhand.transport.mdns;

import dev.nearhand.transport.dns.DnsName;
import java.net.InetAddress;
import java.util.Locale;

/// A service of this machine, as others can browse for it ([RFC 6763 section
/// 4.1](https://www.rfc-editor.org/rfc/rfc6763#section-4.1)).
///
/// @param instance one label: how this service is told from others of its type
/// @param type such as `_turn._udp.local`
/// @param hostName of the local link, in lower case, which has `address`
public record MdnsService(String instance, String type, int port, String hostName, InetAddress address) {
    /// @throws IllegalArgumentException when a name cannot be written, or the port is none
    public MdnsService {
        instance = instance.toLowerCase(Locale.ROOT);
        type = type.toLowerCase(Locale.ROOT);
        hostName = hostName.toLowerCase(Locale.ROOT);
        if (!DnsName.isPlain(instance) || instance.contains(".") || !isType(type) || !MdnsMessage.isAskable(hostName)) {
            throw new IllegalArgumentException("not a service of the local link");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535");
        }
    }

    static boolean isType(String type) {
        return type.endsWith(".local") && type.startsWith("_") && DnsName.isPlain(type) && type.length() <= 100;
    }

    /// That of this service alone.
    String name() {
        return instance + "." + type;
    }

    /// Says no name and no address.
    @Override
    public String toString() {
        return "MdnsService[" + type + " :" + port + "]";
    }
}
