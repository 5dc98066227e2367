package dev.nearhand.transport.signaling;

import dev.nearhand.transport.api.IceServer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/// How a server listens and what it allows.
///
/// @param bindAddresses empty means all of this machine
/// @param port TCP, 0 takes any free one
/// @param bearerToken what every request has to carry but `OPTIONS`; empty lets everybody in who reaches the port,
///     pages of any site in a browser on this network among them
/// @param iceServers named to clients, for their side
/// @param sessionsLimit at a time, over all endpoints; more are told to come back later
/// @param requestsPerSecond from one address; a burst of five times as many is taken, more are told to come back later
/// @param connectLimit a session that is not connected after so long is ended
public record SignalingServerConfig(
        List<InetAddress> bindAddresses,
        int port,
        String bearerToken,
        List<IceServer> iceServers,
        int sessionsLimit,
        int requestsPerSecond,
        Duration connectLimit) {
    public SignalingServerConfig {
        bindAddresses = List.copyOf(bindAddresses);
        iceServers = List.copyOf(iceServers);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
        if (sessionsLimit < 1 || requestsPerSecond < 1 || connectLimit.isNegative() || connectLimit.isZero()) {
            throw new IllegalArgumentException("limits are at least one");
        }
    }

    /// On all addresses, without a token; 16 sessions, 10 requests a second, 30 s to connect.
    public static SignalingServerConfig onPort(int port) {
        return new SignalingServerConfig(List.of(), port, "", List.of(), 16, 10, Duration.ofSeconds(30));
    }

    public SignalingServerConfig withBindAddresses(List<InetAddress> value) {
        return new SignalingServerConfig(
                value, port, bearerToken, iceServers, sessionsLimit, requestsPerSecond, connectLimit);
    }

    public SignalingServerConfig withBearerToken(String value) {
        return new SignalingServerConfig(
                bindAddresses, port, value, iceServers, sessionsLimit, requestsPerSecond, connectLimit);
    }

    public SignalingServerConfig withIceServers(List<IceServer> value) {
        return new SignalingServerConfig(
                bindAddresses, port, bearerToken, value, sessionsLimit, requestsPerSecond, connectLimit);
    }

    public SignalingServerConfig withSessionsLimit(int value) {
        return new SignalingServerConfig(
                bindAddresses, port, bearerToken, iceServers, value, requestsPerSecond, connectLimit);
    }

    public SignalingServerConfig withRequestsPerSecond(int value) {
        return new SignalingServerConfig(
                bindAddresses, port, bearerToken, iceServers, sessionsLimit, value, connectLimit);
    }

    public SignalingServerConfig withConnectLimit(Duration value) {
        return new SignalingServerConfig(
                bindAddresses, port, bearerToken, iceServers, sessionsLimit, requestsPerSecond, value);
    }

    /// Says no address and no token.
    @Override
    public String toString() {
        return "SignalingServerConfig[" + (bearerToken.isEmpty() ? "open to everybody" : "with a token") + ", "
                + sessionsLimit + " sessions]";
    }
}
