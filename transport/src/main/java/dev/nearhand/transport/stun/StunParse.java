package dev.nearhand.transport.stun;

/// What became of a datagram that was taken for STUN.
public sealed interface StunParse {
    /// A well-formed message. Its FINGERPRINT, where there is one, is right.
    ///
    /// @param seal proves who wrote it; usable only while the datagram's buffer is
    record Received(StunMessage message, boolean hasFingerprint, StunSeal seal) implements StunParse {}

    /// Not a message that could be understood.
    record Refused(Refusal reason) implements StunParse {}

    /// Why a datagram is refused.
    enum Refusal {
        TOO_SHORT,
        NOT_STUN,
        NO_MAGIC_COOKIE,
        WRONG_LENGTH,
        TRUNCATED_ATTRIBUTE,
        MALFORMED_ATTRIBUTE,
        TOO_MANY_ATTRIBUTES,
        WRONG_FINGERPRINT
    }
}
