package dev.nearhand.transport.dtls;

import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One end of one DTLS association, as the event loop sees it.
///
/// All methods are called by the event loop only and none blocks. After each call, and whenever the factory's `wakeUp`
/// ran, the loop drains [#pollEvent] and [#pollTransmit]. Nothing that arrives makes a method throw: a record that
/// cannot be read is dropped, a handshake that fails ends in [DtlsEvent.Failed].
public interface DtlsEndpoint extends AutoCloseable {
    /// The largest datagram of a handshake, in bytes: its flights are fragmented to what every path carries.
    int MTU_BYTES = 1_200;

    /// The largest datagram an endpoint writes at all: 1,500 bytes less IPv4 and UDP. Who sends more than fits
    /// [#MTU_BYTES] knows that the path carries it, or wants to find out.
    int LARGEST_BYTES = 1_472;

    /// What comes on top of the application data of a record: 13 bytes of header, 8 of explicit nonce and 16 of tag
    /// (RFC 6347 section 4.1, RFC 5288 section 3).
    int OVERHEAD_BYTES = 37;

    /// The most application data one record carries within [#LARGEST_BYTES].
    int MAX_APPLICATION_BYTES = LARGEST_BYTES - OVERHEAD_BYTES;

    /// Begins the handshake. May be called after the first datagrams have arrived, which wait for it (the newest are
    /// dropped when too many do).
    ///
    /// @param expectedRemote what the session description said; a peer with another certificate is refused
    ///     before any key exists
    /// @throws IllegalStateException when called twice
    void start(DtlsRole role, Fingerprint expectedRemote);

    /// Takes one datagram of DTLS records (RFC 7983: first byte 20–63), copying what it keeps.
    void handleDatagram(ByteBuffer borrowed);

    /// Writes the next datagram into `into` from its position on and advances it; false when there is nothing to send.
    boolean pollTransmit(ByteBuffer into);

    /// Writes the remaining bytes as one record into `into`, from its position on, and advances it, so that the record
    /// need not wait for [#pollTransmit]. Before [DtlsEvent.Connected] and after the end nothing is written, and
    /// the answer is false.
    ///
    /// @param into with room for [#OVERHEAD_BYTES] more than there are bytes, in another array
    /// @throws IllegalArgumentException when there are none or more than [#MAX_APPLICATION_BYTES] remaining bytes
    default boolean protect(ByteBuffer applicationData, ByteBuffer into) {
        send(applicationData);
        return pollTransmit(into);
    }

    /// Queues the remaining bytes as one record for [#pollTransmit]; copies them. Before [DtlsEvent.Connected] and
    /// after the end it is dropped.
    ///
    /// @throws IllegalArgumentException when there are none or more than [#MAX_APPLICATION_BYTES] remaining bytes
    void send(ByteBuffer applicationData);

    /// The number of bytes that are to become a record.
    ///
    /// @throws IllegalArgumentException when there are none or more than [#MAX_APPLICATION_BYTES] remaining bytes
    static int checkedLength(ByteBuffer applicationData) {
        int length = applicationData.remaining();
        if (length == 0 || length > MAX_APPLICATION_BYTES) {
            throw new IllegalArgumentException(
                    "a record carries 1 to " + MAX_APPLICATION_BYTES + " bytes, not " + length);
        }
        return length;
    }

    /// How many records that came after the handshake were not let in, by reason; those that never happened are
    /// missing.
    default Map<DtlsDropReason, Long> drops() {
        return Map.of();
    }

    /// Takes the next event, or null.
    @Nullable
    DtlsEvent pollEvent();

    /// Tells that the time asked for by [#nextTimeoutNanos] has come.
    void handleTimeout(long nowNanos);

    /// When [#handleTimeout] wants to be called next, or `TimerTable.NEVER`. An endpoint with a thread of its own may
    /// keep its own time and never ask.
    long nextTimeoutNanos();

    /// Says goodbye with a close_notify, which the loop still has to poll, and ends. Closing twice does no harm.
    @Override
    void close();
}
