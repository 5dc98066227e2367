package dev.nearhand.transport.turn.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a server does for whom.
///
/// @param realm told to clients; a name of the service
/// @param software told to clients
/// @param users who may allocate; Binding requests need no user
/// @param relays at most one of each family; none makes it a STUN server
/// @param relayPorts of each of them
/// @param nonceLifetime how long a nonce is good; "SHOULD … at least once every hour"
/// @param maxLifetime the longest lifetime that is granted
public record TurnServerConfig(
        String realm,
        String software,
        UserDirectory users,
        List<RelayAddress> relays,
        PortRange relayPorts,
        PeerPolicy peers,
        Quotas quotas,
        RateLimits rates,
        Duration nonceLifetime,
        Duration maxLifetime) {
    /// What clients get that ask for no lifetime, or for a shorter one (RFC 8656 section 7.2).
    static final long DEFAULT_LIFETIME_SECONDS = 600;

    private static final int MAX_REALM_CHARACTERS = 127;

    public TurnServerConfig {
        relays = List.copyOf(relays);
        if (realm.isEmpty() || realm.length() > MAX_REALM_CHARACTERS) {
            throw new IllegalArgumentException("a realm has 1 to 127 characters");
        }
        if (nonceLifetime.compareTo(Duration.ofSeconds(1)) < 0 || maxLifetime.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a lifetime is at least one second");
        }
        long ipv6 =
                relays.stream().filter(relay -> Families.isIpv6(relay.bind())).count();
        if (ipv6 > 1 || relays.size() - ipv6 > 1) {
            throw new IllegalArgumentException("one relay address for each family");
        }
    }

    public static TurnServerConfig of(String realm, UserDirectory users, List<RelayAddress> relays) {
        return new TurnServerConfig(
                realm,
                "nearhand",
                users,
                relays,
                PortRange.DYNAMIC,
                PeerPolicy.publicOnly(),
                Quotas.defaults(),
                RateLimits.defaults(),
                Duration.ofHours(1),
                Duration.ofHours(1));
    }

    /// Where to relay from for clients that ask for a family, or null.
    @Nullable
    RelayAddress relayOf(int family) {
        return relays.stream()
                .filter(relay -> Families.isKnown(family) && Families.isOf(relay.bind(), family))
                .findFirst()
                .orElse(null);
    }

    /// What peers send to, of an address that is bound here.
    InetSocketAddress advertised(InetSocketAddress bound) {
        return relays.stream()
                .filter(relay -> relay.bind().equals(bound.getAddress()))
                .findFirst()
                .map(relay -> new InetSocketAddress(relay.advertised(), bound.getPort()))
                .orElse(bound);
    }

    /// The address of this machine behind one that peers send to, or null when it is none of ours.
    @Nullable
    InetSocketAddress bound(InetSocketAddress advertised) {
        return relays.stream()
                .filter(relay -> relay.advertised().equals(advertised.getAddress()))
                .findFirst()
                .map(relay -> new InetSocketAddress(relay.bind(), advertised.getPort()))
                .orElse(null);
    }

    public TurnServerConfig withRelayPorts(PortRange ports) {
        return new TurnServerConfig(
                realm, software, users, relays, ports, peers, quotas, rates, nonceLifetime, maxLifetime);
    }

    public TurnServerConfig withPeers(PeerPolicy policy) {
        return new TurnServerConfig(
                realm, software, users, relays, relayPorts, policy, quotas, rates, nonceLifetime, maxLifetime);
    }

    public TurnServerConfig withQuotas(Quotas limits) {
        return new TurnServerConfig(
                realm, software, users, relays, relayPorts, peers, limits, rates, nonceLifetime, maxLifetime);
    }

    public TurnServerConfig withRates(RateLimits limits) {
        return new TurnServerConfig(
                realm, software, users, relays, relayPorts, peers, quotas, limits, nonceLifetime, maxLifetime);
    }

    public TurnServerConfig withLifetimes(Duration nonce, Duration allocation) {
        return new TurnServerConfig(
                realm, software, users, relays, relayPorts, peers, quotas, rates, nonce, allocation);
    }
}
