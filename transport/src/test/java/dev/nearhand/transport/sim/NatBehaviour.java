package dev.nearhand.transport.sim;

/// What a NAT does, in the words of RFC 4787.
///
/// @param mapping when two datagrams from one inner address share an outer port (section 4.1)
/// @param filtering whose datagrams are let in (section 5)
/// @param hairpinning whether inner hosts reach each other by their outer addresses (section 6)
/// @param expiryNanos how long a mapping lives after the last datagram that went out
public record NatBehaviour(Dependence mapping, Dependence filtering, boolean hairpinning, long expiryNanos) {
    /// On how much of the other end's address a decision depends.
    public enum Dependence {
        ENDPOINT_INDEPENDENT,
        ADDRESS_DEPENDENT,
        ADDRESS_AND_PORT_DEPENDENT
    }

    private static final long TWO_MINUTES_NANOS = 120_000_000_000L;

    /// The NAT of most homes.
    public static NatBehaviour portRestrictedCone() {
        return new NatBehaviour(
                Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT_DEPENDENT, false, TWO_MINUTES_NANOS);
    }

    public static NatBehaviour fullCone() {
        return new NatBehaviour(
                Dependence.ENDPOINT_INDEPENDENT, Dependence.ENDPOINT_INDEPENDENT, false, TWO_MINUTES_NANOS);
    }

    public static NatBehaviour addressRestrictedCone() {
        return new NatBehaviour(
                Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_DEPENDENT, false, TWO_MINUTES_NANOS);
    }

    public static NatBehaviour symmetric() {
        return new NatBehaviour(
                Dependence.ADDRESS_AND_PORT_DEPENDENT, Dependence.ADDRESS_AND_PORT_DEPENDENT, false, TWO_MINUTES_NANOS);
    }
}
