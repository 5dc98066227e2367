package dev.nearhand.transport.dns;

/// What is asked about a name.
///
/// @param name in lower case, without a dot at its end
public record DnsQuestion(String name, Type type) {
    /// What is wanted.
    public enum Type {
        /// A and AAAA.
        ADDRESS,
        /// SRV (RFC 2782).
        SERVICE,
        /// NAPTR (RFC 3403).
        NAPTR
    }

    /// Says no name.
    @Override
    public String toString() {
        return "DnsQuestion[" + type + "]";
    }
}
