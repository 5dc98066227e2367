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
        TOO_SHORT("tooShort"),
        NOT_STUN("notStun"),
        NO_MAGIC_COOKIE("noMagicCookie"),
        WRONG_LENGTH("wrongLength"),
        TRUNCATED_ATTRIBUTE("truncatedAttribute"),
        MALFORMED_ATTRIBUTE("malformedAttribute"),
        TOO_MANY_ATTRIBUTES("tooManyAttributes"),
        WRONG_FINGERPRINT("wrongFingerprint");

        private final String counter;

        Refusal(String counter) {
            this.counter = counter;
        }

        /// Its name among counters.
        public String counter() {
            return counter;
        }
    }
}
