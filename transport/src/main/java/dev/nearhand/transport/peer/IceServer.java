package dev.nearhand.transport.peer;

import dev.nearhand.transport.turn.ServerUri;

/// A STUN or TURN server to gather candidates from.
///
/// @param username empty for STUN
/// @param password empty for STUN
public record IceServer(ServerUri uri, String username, String password) {
    /// Says no host, no name and no password.
    @Override
    public String toString() {
        return "IceServer[" + uri + "]";
    }
}
