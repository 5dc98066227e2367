package dev.nearhand.app.connect;

import dev.nearhand.transport.api.IceServer;
import dev.nearhand.transport.api.IceTransportPolicy;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.TcpProxy;
import dev.nearhand.transport.api.TurnDiscovery;
import java.util.List;
import java.util.Optional;

/// How connections find a way out of this network.
///
/// @param servers of STUN and TURN, at most [#SERVERS_LIMIT]
/// @param policy `RELAY` goes through TURN servers only
/// @param proxy on the way to TURN servers over TCP and TLS
/// @param acceptsTcp whether the other side may connect over TCP
/// @param discovery as whom TURN servers of this network are asked that are looked for
public record IceSettings(
        List<IceServer> servers,
        IceTransportPolicy policy,
        Optional<TcpProxy> proxy,
        boolean acceptsTcp,
        Optional<TurnDiscovery> discovery) {
    public static final int SERVERS_LIMIT = 8;

    public IceSettings {
        servers = List.copyOf(servers);
        if (servers.size() > SERVERS_LIMIT) {
            throw new IllegalArgumentException("at most " + SERVERS_LIMIT + " servers are asked");
        }
    }

    /// No servers: the addresses of this machine only.
    public static IceSettings none() {
        return new IceSettings(List.of(), IceTransportPolicy.ALL, Optional.empty(), false, Optional.empty());
    }

    IceSettings withServers(List<IceServer> others) {
        return new IceSettings(others, policy, proxy, acceptsTcp, discovery);
    }

    /// What these settings say about a connection, and the defaults for the rest.
    PeerConfig peers() {
        PeerConfig config = PeerConfig.defaults()
                .withIceServers(servers)
                .withIceTransportPolicy(policy)
                .withTcpCandidates(acceptsTcp);
        config = discovery.map(config::withTurnDiscovery).orElse(config);
        return proxy.map(config::withProxy).orElse(config);
    }
}
