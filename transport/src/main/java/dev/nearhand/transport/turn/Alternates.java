package dev.nearhand.transport.turn;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The servers that a server has sent its client to ([RFC 8489 section
/// 10](https://www.rfc-editor.org/rfc/rfc8489#section-10)), so that it goes neither round in a ring nor on for ever.
final class Alternates {
    /// How often in a row one server may send this client to another.
    static final int LIMIT = 3;

    private final Set<InetSocketAddress> tried = new HashSet<>();

    /// Where a response sends the client of a server, or null when it is not to be followed.
    @Nullable
    InetSocketAddress next(StunMessage response, InetSocketAddress from) {
        tried.add(from);
        StunAttribute.AlternateServer told = response.find(StunAttribute.AlternateServer.class);
        if (told == null || isUnusable(told.address()) || tried.size() > LIMIT || tried.contains(told.address())) {
            return null;
        }
        boolean sameFamily =
                told.address().getAddress().getClass().equals(from.getAddress().getClass());
        return sameFamily ? told.address() : null;
    }

    static boolean isUnusable(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return address.getPort() == 0 || ip.isAnyLocalAddress() || ip.isMulticastAddress();
    }
}
