package dev.nearhand.transport.api;

/// As whom a connection asks TURN servers that it has found by itself.
///
/// A server that demands credentials is sent the name and a keyed hash, by which whoever runs it can try
/// passwords. So they should be those of the network that the server belongs to, and good for nothing else.
///
/// @param username empty when only servers are of use that demand no credentials
/// @param credential the password that belongs to it
public record TurnDiscovery(String username, String credential) {
    /// @throws IllegalArgumentException when there is a name without a credential, or the other way round
    public TurnDiscovery {
        if (username.isEmpty() != credential.isEmpty()) {
            throw new IllegalArgumentException("a user name and a credential go together");
        }
    }

    /// Asks without credentials.
    public static TurnDiscovery anonymous() {
        return new TurnDiscovery("", "");
    }

    /// Says neither.
    @Override
    public String toString() {
        return "TurnDiscovery[" + (username.isEmpty() ? "anonymous" : "as somebody") + "]";
    }
}
