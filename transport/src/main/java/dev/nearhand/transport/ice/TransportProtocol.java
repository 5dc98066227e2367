package dev.nearhand.transport.ice;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The transport of a candidate: UDP, or a TCP connection (RFC 6544).
public enum TransportProtocol {
    UDP,
    TCP;

    /// The word of a candidate line, such as `udp`.
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    static @Nullable TransportProtocol ofToken(String token) {
        for (TransportProtocol protocol : values()) {
            if (protocol.name().equalsIgnoreCase(token)) {
                return protocol;
            }
        }
        return null;
    }
}
