package dev.nearhand.app.signaling;

import java.net.URI;

/// A WebSocket to connect to.
///
/// @param shown how it is called in sentences for a person
/// @param host its name alone
public record Endpoint(URI uri, String shown, String host) {
    /// The listener of a host.
    public static Endpoint of(HostAddress address) {
        return new Endpoint(address.uri(Door.PATH), address.toString(), address.host());
    }
}
