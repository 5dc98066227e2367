package dev.nearhand.transport.api;

import dev.nearhand.transport.netty.NettyTurnServer;
import dev.nearhand.transport.turn.server.AddressRange;
import dev.nearhand.transport.turn.server.PeerPolicy;
import dev.nearhand.transport.turn.server.PortRange;
import dev.nearhand.transport.turn.server.Quotas;
import dev.nearhand.transport.turn.server.RateLimits;
import dev.nearhand.transport.turn.server.RelayAddress;
import dev.nearhand.transport.turn.server.TurnServerConfig;
import dev.nearhand.transport.turn.server.TurnServerStats;
import dev.nearhand.transport.turn.server.UserDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// A STUN and TURN server (RFC 8489, RFC 8656) in this process: it tells programs how they are seen from outside, and
/// relays for those of its users that find no direct way. Over UDP, TCP and TLS.
///
/// Relays to public addresses only, unless more is allowed. All methods may be called from any thread.
public final class TurnServer implements AutoCloseable {
    /// What it carries now, and what has happened since it began.
    ///
    /// @param allocations how many addresses are relayed now
    /// @param connections over TCP and TLS now
    /// @param counters such as `relayed.toPeerBytes` or `errors.401`
    public record Stats(int allocations, int connections, SortedMap<String, Long> counters) {
        public long counter(String name) {
            return counters.getOrDefault(name, 0L);
        }
    }

    private final NettyTurnServer server;

    private TurnServer(NettyTurnServer server) {
        this.server = server;
    }

    public static Builder builder() {
        return new Builder();
    }

    /// Credentials for a server that shares `secret`, good until `ends`: the name is the second at which they end, and
    /// whose quota it is.
    ///
    /// @param url such as `turn:relay.example.org`
    /// @param account any text without a control character, at most 400 bytes
    public static IceServer timeLimited(String url, String secret, String account, Instant ends) {
        String username = ends.getEpochSecond() + ":" + account;
        return IceServer.turn(url, username, UserDirectory.timeLimitedPassword(secret, username));
    }

    /// Where clients come in, in the order in which the builder was told, each with the port that it got.
    public List<InetSocketAddress> addresses() {
        return server.addresses();
    }

    public Stats stats() {
        TurnServerStats stats = server.stats();
        return new Stats(stats.allocations(), stats.streams(), stats.counters());
    }

    /// Ends it with everything that it relays. Closing twice does no harm.
    @Override
    public void close() {
        server.close();
    }

    /// Collects what a server needs to know. Each method may be called more than once where it adds something.
    public static final class Builder {
        private final List<NettyTurnServer.Endpoint> endpoints = new ArrayList<>();
        private final List<RelayAddress> relays = new ArrayList<>();
        private final Map<String, String> users = new HashMap<>();
        private final List<AddressRange> allowed = new ArrayList<>();
        private final List<AddressRange> denied = new ArrayList<>();
        private @Nullable String secret;
        private String realm = "nearhand";
        private PortRange ports = PortRange.DYNAMIC;
        private Quotas quotas = Quotas.defaults();
        private RateLimits rates = RateLimits.defaults();
        private boolean announces;

        private Builder() {}

        /// Listens on an address over UDP and TCP.
        ///
        /// @param address an address of this machine; port 3478 is the usual one, 0 is any that is free
        public Builder listen(InetSocketAddress address) {
            endpoints.add(new NettyTurnServer.Endpoint(address, null));
            return this;
        }

        /// Listens on an address over TLS.
        ///
        /// @param address port 5349 is the usual one; 443 gets through more firewalls
        /// @param certificate a PEM file with the certificate and its chain
        /// @param key a PEM file with its key, not encrypted
        public Builder listenTls(InetSocketAddress address, Path certificate, Path key) {
            endpoints.add(new NettyTurnServer.Endpoint(address, new NettyTurnServer.Identity(certificate, key)));
            return this;
        }

        /// Relays from an address of this machine; at most one IPv4 and one IPv6 address. With none it is a STUN
        /// server.
        public Builder relay(InetAddress address) {
            relays.add(RelayAddress.of(address));
            return this;
        }

        /// Relays from an address of this machine that peers see as another one, behind a NAT that maps each port to
        /// itself.
        public Builder relay(InetAddress address, InetAddress seenAs) {
            relays.add(new RelayAddress(address, seenAs));
            return this;
        }

        /// The ports to relay from, both included; 49152 to 65535 unless told.
        public Builder relayPorts(int first, int last) {
            ports = new PortRange(first, last);
            return this;
        }

        /// The name of the service, which clients mix into their keys; 1 to 127 characters.
        public Builder realm(String name) {
            realm = name;
            return this;
        }

        public Builder user(String name, String password) {
            users.put(name, password);
            return this;
        }

        /// Takes time-limited credentials ([TurnServer#timeLimited]) of whoever shares this secret.
        public Builder secret(String shared) {
            secret = shared;
            return this;
        }

        /// Relays to a range although it is not public, or was denied.
        ///
        /// @param range such as `10.0.0.0/8`, `fd00::/8` or one address
        /// @throws IllegalArgumentException when it is none
        public Builder allowPeers(String range) {
            allowed.add(AddressRange.parse(range));
            return this;
        }

        /// Does not relay to a range although it is public.
        ///
        /// @throws IllegalArgumentException when it is none
        public Builder denyPeers(String range) {
            denied.add(AddressRange.parse(range));
            return this;
        }

        /// How many addresses are relayed at a time; 2000, 32 and 64 unless told.
        ///
        /// @param perUser for one user, or one account of time-limited credentials
        /// @param perAddress for clients of one address
        public Builder maxAllocations(int all, int perUser, int perAddress) {
            quotas = new Quotas(all, perUser, perAddress, quotas.streams(), quotas.bytesPerSecond());
            return this;
        }

        /// How many connections over TCP and TLS are taken at a time; 1000 unless told.
        public Builder maxConnections(int limit) {
            quotas = new Quotas(
                    quotas.allocations(),
                    quotas.allocationsPerUser(),
                    quotas.allocationsPerAddress(),
                    limit,
                    quotas.bytesPerSecond());
            return this;
        }

        /// How much is relayed for one allocation, both directions together; 0, as unless told, for no limit.
        public Builder maxBytesPerSecond(long limit) {
            quotas = new Quotas(
                    quotas.allocations(),
                    quotas.allocationsPerUser(),
                    quotas.allocationsPerAddress(),
                    quotas.streams(),
                    limit);
            return this;
        }

        /// How many requests are answered that prove nothing; 40 a second with bursts of 160 from one address, 5000 a
        /// second from all unless told.
        public Builder maxRequests(int perAddressPerSecond, int perAddressBurst, int allPerSecond) {
            rates = new RateLimits(perAddressPerSecond, perAddressBurst, allPerSecond);
            return this;
        }

        /// Tells the local network where clients come in over UDP and TCP, by multicast DNS (RFC 8155 section
        /// 5), so that programs there find it that look for a TURN server
        /// ([PeerConfig#withTurnDiscovery]). They need credentials all the same.
        public Builder announce() {
            announces = true;
            return this;
        }

        /// Opens the server.
        ///
        /// @throws TransportException with `NO_NETWORK` when an address cannot be listened on or a certificate
        ///     cannot be read; nothing is open then
        /// @throws IllegalArgumentException when what was told contradicts itself
        public TurnServer start() {
            if (endpoints.isEmpty()) {
                throw new IllegalArgumentException("a server listens somewhere");
            }
            if (!relays.isEmpty() && users.isEmpty() && secret == null) {
                throw new IllegalArgumentException("a relay for everybody is abused at once; name users or a secret");
            }
            UserDirectory directory = UserDirectory.fixed(users);
            if (secret != null) {
                directory = UserDirectory.first(directory, UserDirectory.timeLimited(secret));
            }
            TurnServerConfig config = TurnServerConfig.of(realm, directory, relays)
                    .withRelayPorts(ports)
                    .withPeers(new PeerPolicy(allowed, denied))
                    .withQuotas(quotas)
                    .withRates(rates);
            try {
                NettyTurnServer server = new NettyTurnServer(config, endpoints);
                if (announces) {
                    server.announce();
                }
                return new TurnServer(server);
            } catch (IOException failure) {
                throw new TransportException(
                        TransportException.Code.NO_NETWORK, String.valueOf(failure.getMessage()), failure);
            }
        }
    }
}
