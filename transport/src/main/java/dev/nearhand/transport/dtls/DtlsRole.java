package dev.nearhand.transport.dtls;

/// Who sends the ClientHello (RFC 8842 section 5.3: `active` is the client).
public enum DtlsRole {
    CLIENT,
    SERVER
}
