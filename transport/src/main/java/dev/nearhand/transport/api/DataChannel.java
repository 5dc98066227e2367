package dev.nearhand.transport.api;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// A channel of messages between the two programs (RFC 8831).
///
/// Methods may be called from any thread; callbacks run on the connection's loop. Messages that arrive before
/// [#onMessage] was set wait for it.
public final class DataChannel implements AutoCloseable {
    DataChannel() {}

    public String label() {
        throw new UnsupportedOperationException("not built yet");
    }

    public DataChannelOptions options() {
        throw new UnsupportedOperationException("not built yet");
    }

    public boolean isOpen() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Runs `callback` once the channel is open; at once when it is open already.
    public void onOpen(Runnable callback) {
        throw new UnsupportedOperationException("not built yet");
    }

    public void onMessage(Consumer<DataChannelMessage> callback) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Runs `callback` once the channel is closed, by whichever side or with the connection.
    public void onClose(Runnable callback) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Sends text. Copies it; does not wait.
    ///
    /// @throws TransportException when the channel is not open, the message is too large or too much waits already
    public void send(String text) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Sends the remaining bytes of `data`, whose position stays. Copies them; does not wait.
    ///
    /// @throws TransportException when the channel is not open, the message is too large or too much waits already
    public void send(ByteBuffer data) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// How many bytes of messages have been given to `send` and not yet to the network.
    public long bufferedAmount() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// At which [#bufferedAmount], coming down, [#onBufferedAmountLow] runs; 0 unless set.
    public void bufferedAmountLowThreshold(long bytes) {
        throw new UnsupportedOperationException("not built yet");
    }

    public void onBufferedAmountLow(Runnable callback) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Sends what is buffered, then closes the channel; [#onClose] runs when that is done.
    @Override
    public void close() {
        throw new UnsupportedOperationException("not built yet");
    }
}
