package dev.nearhand.transport.api;

import dev.nearhand.transport.turn.ServerUri;
import java.nio.charset.StandardCharsets;

/// A server that helps two programs to find each other: STUN tells a program how it is seen from outside, TURN relays
/// for it when nothing else works.
///
/// @param url `stun:host:port`, `turn:host:port?transport=udp` (RFC 7064, RFC 7065); without a port the name's service
///     records are asked for (RFC 5928), and without those the usual one is taken
/// @param username of a TURN server; with time-limited credentials, what the service that issues them calls so
/// @param credential the password that belongs to it
public record IceServer(String url, String username, String credential) {
    /// A receiver need not take longer ones (RFC 8489 section 14.3).
    private static final int MAX_USERNAME_BYTES = 508;

    /// @throws IllegalArgumentException when the address or the credentials cannot be right, with a sentence that says
    ///     why
    public IceServer {
        ServerUri uri = ServerUri.parse(url);
        if (uri.kind() == ServerUri.Kind.TURN) {
            int bytes = username.getBytes(StandardCharsets.UTF_8).length;
            if (bytes == 0 || credential.isEmpty()) {
                throw new IllegalArgumentException("a TURN server needs a user name and a credential");
            }
            if (bytes > MAX_USERNAME_BYTES) {
                throw new IllegalArgumentException("the user name of a TURN server has at most 508 bytes");
            }
        }
    }

    /// A server that needs no credentials.
    public static IceServer stun(String url) {
        return new IceServer(url, "", "");
    }

    public static IceServer turn(String url, String username, String credential) {
        return new IceServer(url, username, credential);
    }

    /// Whether it is spoken with over TCP or TLS, so that a proxy can stand in between.
    public boolean isReachedByStream() {
        ServerUri uri = ServerUri.parse(url);
        return uri.kind() == ServerUri.Kind.TURN && uri.transport() != ServerUri.Transport.UDP;
    }

    /// Says no host, no name and no credential.
    @Override
    public String toString() {
        return "IceServer[" + ServerUri.parse(url) + "]";
    }
}
