package dev.nearhand.transport.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The contract of every protocol core: a plain single-threaded object that is told what arrived and what time it is,
/// and is asked what to send and when to wake it.
///
/// A core opens no socket, starts no thread, reads no clock and draws no random number of its own. After every call of
/// a `handle…` method its owner drains [#pollEvent] and [#pollTransmit] until both answer null, and then asks
/// [#nextTimeoutNanos] once (`driver.CoreDriver` does exactly that).
///
/// Bytes from the wire never make a core throw: they are parsed into a value or counted as a drop.
///
/// @param <E> the sealed type of its events
public interface ProtocolCore<E> {
    /// Takes a datagram. `borrowed` is valid only until the call returns; what is kept is copied.
    void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path);

    /// Tells that the time asked for by [#nextTimeoutNanos] has come; calling it early or twice does no harm.
    void handleTimeout(long nowNanos);

    /// Writes the next datagram into `into` from its position on, or answers null when there is nothing to send.
    @Nullable
    Transmit pollTransmit(long nowNanos, ByteBuffer into);

    /// Takes the next event from the queue, or null; a core never calls back in the middle of a change.
    @Nullable
    E pollEvent();

    /// When [#handleTimeout] wants to be called next, or `TimerTable.NEVER`.
    long nextTimeoutNanos();
}
