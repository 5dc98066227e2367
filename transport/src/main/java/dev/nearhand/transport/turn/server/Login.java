package dev.nearhand.transport.turn.server;

import dev.nearhand.transport.stun.StunKey;

/// Who has proved to be whom.
///
/// @param account whose quota it is
record Login(String username, String account, StunKey key) {
    /// Says no name.
    @Override
    public String toString() {
        return "Login";
    }
}
