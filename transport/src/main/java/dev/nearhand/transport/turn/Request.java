package dev.nearhand.transport.turn;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunMessage;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// What a client asks of its server, one record for each kind; what is the same in all of them, the credentials, is
/// added when it is sent.
sealed interface Request {
    int method();

    List<StunAttribute> attributes();

    /// @param ipv6 the family of the relayed address; only this one has to be said
    record Allocate(long lifetimeSeconds, boolean ipv6) implements Request {
        @Override
        public int method() {
            return StunMessage.ALLOCATE;
        }

        @Override
        public List<StunAttribute> attributes() {
            var transport = new StunAttribute.RequestedTransport(StunAttribute.RequestedTransport.UDP);
            var lifetime = new StunAttribute.Lifetime(lifetimeSeconds);
            return ipv6
                    ? List.of(
                            transport,
                            lifetime,
                            new StunAttribute.RequestedAddressFamily(StunAttribute.RequestedAddressFamily.IPV6))
                    : List.of(transport, lifetime);
        }
    }

    /// @param lifetimeSeconds 0 deletes the allocation
    record Refresh(long lifetimeSeconds) implements Request {
        @Override
        public int method() {
            return StunMessage.REFRESH;
        }

        @Override
        public List<StunAttribute> attributes() {
            return List.of(new StunAttribute.Lifetime(lifetimeSeconds));
        }

        boolean isDeletion() {
            return lifetimeSeconds == 0;
        }
    }

    /// One peer for each request: the server refuses all of a request for the sake of one.
    record CreatePermission(InetAddress peer) implements Request {
        @Override
        public int method() {
            return StunMessage.CREATE_PERMISSION;
        }

        @Override
        public List<StunAttribute> attributes() {
            return List.of(new StunAttribute.XorPeerAddress(new InetSocketAddress(peer, 0)));
        }

        /// Says no address.
        @Override
        public String toString() {
            return "CreatePermission[" + (peer instanceof Inet6Address ? "udp6" : "udp4") + "]";
        }
    }

    record ChannelBind(int number, InetSocketAddress peer) implements Request {
        @Override
        public int method() {
            return StunMessage.CHANNEL_BIND;
        }

        @Override
        public List<StunAttribute> attributes() {
            return List.of(new StunAttribute.ChannelNumber(number), new StunAttribute.XorPeerAddress(peer));
        }

        /// Says no address.
        @Override
        public String toString() {
            return "ChannelBind[" + number + "]";
        }
    }
}
