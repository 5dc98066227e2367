package dev.nearhand.app.connect;

import dev.nearhand.transport.api.IceServer;
import dev.nearhand.transport.api.IceTransportPolicy;
import java.util.List;

/// How connections find a way out of this network.
///
/// @param servers of STUN and TURN, at most [#SERVERS_LIMIT]
/// @param policy `RELAY` goes through TURN servers only
public record IceSettings(List<IceServer> servers, IceTransportPolicy policy) {
    public static final int SERVERS_LIMIT = 8;

    public IceSettings {
        servers = List.copyOf(servers);
        if (servers.size() > SERVERS_LIMIT) {
            throw new IllegalArgumentException("at most " + SERVERS_LIMIT + " servers are asked");
        }
    }

    /// No servers: the addresses of this machine only.
    public static IceSettings none() {
        return new IceSettings(List.of(), IceTransportPolicy.ALL);
    }
}
