package dev.nearhand.transport.peer;

import dev.nearhand.transport.turn.ServerUri;

/// A STUN or TURN server to gather candidates from.
///
/// @param username empty for STUN
/// @param password empty for STUN
/// @param byName whether what opens connections to it, a proxy, wants its name and needs no address
/// @param origin how this side has come to it
public record IceServer(ServerUri uri, String username, String password, boolean byName, Origin origin) {
    /// How this side has come to a server.
    public enum Origin {
        /// Somebody who is trusted has named it.
        CONFIGURED,
        /// The network has told of it ([RFC 8155](https://www.rfc-editor.org/rfc/rfc8155)): it relays, and nothing
        /// that it says about this host is passed on.
        DISCOVERED,
        /// As `DISCOVERED`, at an address where hardly ever anybody answers: nobody waits for it.
        ANYCAST
    }

    public IceServer(ServerUri uri, String username, String password, boolean byName) {
        this(uri, username, password, byName, Origin.CONFIGURED);
    }

    public IceServer(ServerUri uri, String username, String password) {
        this(uri, username, password, false);
    }

    /// Says no host, no name and no password.
    @Override
    public String toString() {
        return "IceServer[" + uri + "]";
    }
}
