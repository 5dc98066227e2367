package dev.nearhand.transport.peer;

/// As whom servers are asked that nobody has named.
///
/// @param username empty when only those are of use that ask for none
public record ServerLogin(String username, String password) {
    /// Says neither.
    @Override
    public String toString() {
        return "ServerLogin[]";
    }
}
