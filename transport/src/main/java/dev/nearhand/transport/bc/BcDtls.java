package dev.nearhand.transport.bc;

import dev.nearhand.transport.dtls.DtlsCertificate;
import dev.nearhand.transport.dtls.DtlsEndpoint;

/// Entry to DTLS by BouncyCastle: certificates, endpoints, and the warm-up that takes the first handshake's cost.
public final class BcDtls {
    private BcDtls() {}

    /// Makes a new key (ECDSA, P-256) and a certificate that it signs itself. A few milliseconds when warm, several
    /// hundred the first time in a process.
    public static DtlsCertificate generateCertificate() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Makes an endpoint; fits `DtlsEndpointFactory`.
    ///
    /// @param certificate one that [#generateCertificate] made
    /// @param wakeUp called from any thread when there is something to poll
    public static DtlsEndpoint endpoint(DtlsCertificate certificate, Runnable wakeUp) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Begins one handshake in memory on a thread of its own, once per process; returns at once.
    public static void warmUp() {
        throw new UnsupportedOperationException("not built yet");
    }
}
