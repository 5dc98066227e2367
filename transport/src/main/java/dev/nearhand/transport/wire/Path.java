package dev.nearhand.transport.wire;

import java.net.InetSocketAddress;

/// The two ends of a datagram as this host sees them: the local address it left from or arrived at, and the remote one.
///
/// A value only; nothing here opens a socket. Both addresses are resolved.
///
/// @param stream whether it travels as a frame of a TCP connection of ICE ([RFC
///     6544](https://www.rfc-editor.org/rfc/rfc6544)). Of a connection that this side opens, the local port is
///     [#ACTIVE_PORT], whichever the system chooses: who sends along such a path has it opened
public record Path(InetSocketAddress local, InetSocketAddress remote, boolean stream) {
    /// The discard port, which active TCP candidates show (RFC 6544 section 4.5).
    public static final int ACTIVE_PORT = 9;

    /// Over UDP.
    public Path(InetSocketAddress local, InetSocketAddress remote) {
        this(local, remote, false);
    }

    /// Whether this side opens the connection.
    public boolean isActive() {
        return stream && local.getPort() == ACTIVE_PORT;
    }

    /// Says which ports, never which addresses: paths reach log lines, addresses must not.
    @Override
    public String toString() {
        return "Path[:" + local.getPort() + " -> :" + remote.getPort() + (stream ? " tcp]" : "]");
    }
}
