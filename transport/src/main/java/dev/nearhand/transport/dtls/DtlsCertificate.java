package dev.nearhand.transport.dtls;

/// What an endpoint proves itself with: a certificate and its private key, both known only to the implementation.
/// Immutable; several endpoints may share one.
public interface DtlsCertificate {
    /// What the other side is told in the session description.
    Fingerprint fingerprint();
}
