package dev.nearhand.transport.ice;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The transport of a candidate. TCP candidates (RFC 6544) are understood in descriptions and never paired.
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
