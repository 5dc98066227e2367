package dev.nearhand.transport.dtls;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What happened to a DTLS association. `Failed` and `Closed` are final: nothing follows them.
public sealed interface DtlsEvent {
    /// The handshake is complete and the peer holds the expected certificate.
    ///
    /// @param keys what SRTP starts from, or null when the two sides agreed on no SRTP profile
    record Connected(@Nullable SrtpKeys keys) implements DtlsEvent {}

    /// One record of application data; the event and its buffer are borrowed until the next call of the endpoint.
    record ApplicationData(ByteBuffer data) implements DtlsEvent {}

    /// The handshake did not succeed, or a fatal alert ended the association.
    ///
    /// @param reason what failed, as a person would read it
    record Failed(String reason) implements DtlsEvent {}

    /// The other side said goodbye (close_notify).
    record Closed() implements DtlsEvent {}
}
