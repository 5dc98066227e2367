package dev.nearhand.transport.dtls;

/// The alerts of DTLS 1.2 (RFC 5246 section 7.2).
final class RecordAlert {
    static final int BYTES = 2;
    static final int WARNING = 1;
    static final int FATAL = 2;

    static final int CLOSE_NOTIFY = 0;
    static final int NO_RENEGOTIATION = 100;

    private RecordAlert() {}

    /// The name of an alert as the RFC writes it.
    static String name(int description) {
        return switch (description) {
            case CLOSE_NOTIFY -> "close_notify";
            case 10 -> "unexpected_message";
            case 20 -> "bad_record_mac";
            case 21 -> "decryption_failed";
            case 22 -> "record_overflow";
            case 30 -> "decompression_failure";
            case 40 -> "handshake_failure";
            case 42 -> "bad_certificate";
            case 43 -> "unsupported_certificate";
            case 44 -> "certificate_revoked";
            case 45 -> "certificate_expired";
            case 46 -> "certificate_unknown";
            case 47 -> "illegal_parameter";
            case 48 -> "unknown_ca";
            case 49 -> "access_denied";
            case 50 -> "decode_error";
            case 51 -> "decrypt_error";
            case 70 -> "protocol_version";
            case 71 -> "insufficient_security";
            case 80 -> "internal_error";
            case 90 -> "user_canceled";
            case NO_RENEGOTIATION -> "no_renegotiation";
            default -> "alert " + description;
        };
    }
}
