package dev.nearhand.transport.turn.server;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// To which peers is relayed ([RFC 8656 section 21.4](https://www.rfc-editor.org/rfc/rfc8656#section-21)): to the
/// public internet only, unless more is allowed, because a relay stands behind firewalls that its clients stand before.
///
/// @param allowed ranges that are relayed to although they are not public; they win over `denied`
/// @param denied further ranges that are not relayed to
public record PeerPolicy(List<AddressRange> allowed, List<AddressRange> denied) {
    /// The special-purpose registries of RFC 6890, and what stands for a whole network.
    private static final List<AddressRange> NOT_PUBLIC = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    "::/96",
                    "fc00::/7",
                    "fe80::/10",
                    "fec0::/10",
                    "ff00::/8",
                    "64:ff9b:1::/48",
                    "100::/64",
                    "2001::/32")
            .map(AddressRange::parse)
            .toList();

    private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");
    private static final AddressRange SIX_TO_FOUR = AddressRange.parse("2002::/16");

    public PeerPolicy {
        allowed = List.copyOf(allowed);
        denied = List.copyOf(denied);
    }

    public static PeerPolicy publicOnly() {
        return new PeerPolicy(List.of(), List.of());
    }

    public boolean allows(InetAddress peer) {
        if (isExempt(peer)) {
            return true;
        }
        return !isIn(denied, peer) && !isIn(NOT_PUBLIC, peer) && allowsWithin(peer);
    }

    /// Whether it is named among those that are allowed.
    boolean isExempt(InetAddress peer) {
        return isIn(allowed, peer);
    }

    /// An IPv6 address that leads to an IPv4 one is as good as that one.
    private boolean allowsWithin(InetAddress peer) {
        if (NAT64.contains(peer)) {
            return allows(embedded(peer, 12));
        }
        return !SIX_TO_FOUR.contains(peer) || allows(embedded(peer, 2));
    }

    private static InetAddress embedded(InetAddress peer, int at) {
        byte[] four = Arrays.copyOfRange(peer.getAddress(), at, at + 4);
        return Inet4Address.ofLiteral(
                (four[0] & 0xFF) + "." + (four[1] & 0xFF) + "." + (four[2] & 0xFF) + "." + (four[3] & 0xFF));
    }

    private static boolean isIn(List<AddressRange> ranges, InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }
}
