package dev.nearhand.transport.sdp;

import java.util.Locale;

/// Who begins the DTLS handshake (RFC 4145 section 4, RFC 8842 section 5.3): `ACTIVE` is the DTLS client.
public enum Setup {
    ACTIVE,
    PASSIVE,
    ACTPASS,
    HOLDCONN;

    /// The value of the attribute.
    public String attribute() {
        return name().toLowerCase(Locale.ROOT);
    }
}
