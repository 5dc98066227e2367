package dev.nearhand.transport.peer;

import dev.nearhand.transport.turn.ServerUri;

/// A STUN or TURN server to gather candidates from.
///
/// @param username empty for STUN
/// @param password empty for STUN
/// @param byName whether what opens connections to it, a proxy, wants its name and needs no address
public record IceServer(ServerUri uri, String username, String password, boolean byName) {
    public IceServer(ServerUri uri, String username, String password) {
        this(uri, username, password, false);
    }

    /// Says no host, no name and no password.
    @Override
    public String toString() {
        return "IceServer[" + uri + "]";
    }
}
