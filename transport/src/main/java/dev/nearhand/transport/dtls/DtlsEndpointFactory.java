package dev.nearhand.transport.dtls;

/// Makes DTLS endpoints: the real one in `bc`, a deterministic one in the simulator.
@FunctionalInterface
public interface DtlsEndpointFactory {
    /// @param wakeUp called from any thread, and possibly more often than needed, when there is something to poll; it
    ///     must return at once
    DtlsEndpoint create(DtlsCertificate certificate, Runnable wakeUp);
}
