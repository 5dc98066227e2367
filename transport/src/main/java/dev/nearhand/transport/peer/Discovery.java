package dev.nearhand.transport.peer;

import dev.nearhand.transport.dns.DnsName;
import dev.nearhand.transport.turn.ServerCandidate;
import dev.nearhand.transport.turn.ServerUri;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which TURN servers of the network that this host is in are asked although nobody has named them
/// ([RFC 8155](https://www.rfc-editor.org/rfc/rfc8155)): those that have announced themselves on the link, those of
/// this host's domain, and who answers at the anycast addresses. Whoever can look looks; this decides what follows.
final class Discovery {
    /// Further servers are not asked.
    static final int SERVERS_LIMIT = 8;

    /// Of TURN (RFC 8155 sections 8.1 and 8.2).
    static final List<InetAddress> ANYCAST =
            List.of(InetAddress.ofLiteral("192.0.0.10"), InetAddress.ofLiteral("2001:1::2"));

    /// What says nothing about where a host is.
    private static final Set<String> NO_DOMAINS = Set.of("local", "localhost", "localdomain", "invalid", "home.arpa");

    private final @Nullable ServerLogin login;
    private final Set<IceServer> servers = new LinkedHashSet<>();
    private boolean isLooking;
    private boolean isWanted;

    /// @param login null when nobody is looked for
    Discovery(@Nullable ServerLogin login) {
        this.login = login;
    }

    boolean isOn() {
        return login != null;
    }

    /// This host has come to a network; the servers that are asked whatever is found.
    List<IceServer> begin() {
        if (login == null || isLooking) {
            return List.of();
        }
        isLooking = true;
        isWanted = true;
        List<IceServer> anycast = new ArrayList<>();
        for (InetAddress address : ANYCAST) {
            ServerUri uri = uri(address.getHostAddress(), ServerUri.DEFAULT_PORT, ServerUri.Transport.UDP);
            IceServer server = server(uri, IceServer.Origin.ANYCAST);
            if (server != null) {
                anycast.add(server);
            }
        }
        return anycast;
    }

    /// Whether somebody has to look now; true once each time.
    boolean pollWanted() {
        boolean was = isWanted;
        isWanted = false;
        return was;
    }

    /// Whether servers may still be found.
    boolean isLooking() {
        return isLooking;
    }

    void end() {
        isLooking = false;
    }

    /// The server that has announced itself; null when it is known, or one too many.
    @Nullable
    IceServer announced(ServerCandidate way) {
        String host = way.address().getAddress().getHostAddress();
        return server(uri(host, way.address().getPort(), way.transport()), IceServer.Origin.DISCOVERED);
    }

    /// The servers that a domain has for its hosts; null when they are known, and when it is no domain.
    @Nullable
    IceServer ofDomain(String name) {
        if (!DnsName.isPlain(name) || NO_DOMAINS.contains(name)) {
            return null;
        }
        ServerUri uri =
                new ServerUri(ServerUri.Kind.TURN, name, ServerUri.DEFAULT_PORT, ServerUri.Transport.UDP, false, false);
        return server(uri, IceServer.Origin.DISCOVERED);
    }

    private static ServerUri uri(String host, int port, ServerUri.Transport transport) {
        return new ServerUri(ServerUri.Kind.TURN, host, port, transport);
    }

    private @Nullable IceServer server(ServerUri uri, IceServer.Origin origin) {
        if (login == null || servers.size() == SERVERS_LIMIT) {
            return null;
        }
        IceServer server = new IceServer(uri, login.username(), login.password(), false, origin);
        return servers.add(server) ? server : null;
    }
}
