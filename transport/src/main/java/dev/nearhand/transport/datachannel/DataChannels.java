package dev.nearhand.transport.datachannel;

import dev.nearhand.transport.sctp.SctpAssociation;
import dev.nearhand.transport.sctp.SendResult;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// All data channels of one peer connection; owns the association under them.
public final class DataChannels implements ProtocolCore<DataChannelEvent> {
    private final SctpAssociation association;

    public DataChannels(SctpAssociation association) {
        this.association = association;
    }

    /// DTLS is connected: numbers the channels opened so far (the DTLS client takes the even streams, RFC 8832
    /// section 6) and connects the association.
    public void start(long nowNanos, boolean dtlsClient) {
        association.connect(nowNanos);
    }

    /// Opens a channel, at any time; answers its handle. `Opened` follows once it can be used.
    public int open(long nowNanos, DataChannelConfig config) {
        return 0;
    }

    public SendResult sendText(long nowNanos, int channel, String text) {
        return SendResult.NOT_OPEN;
    }

    /// Sends the remaining bytes of `data`, which are copied.
    public SendResult sendBinary(long nowNanos, int channel, ByteBuffer data) {
        return SendResult.NOT_OPEN;
    }

    /// Closes a channel after what is queued on it has been sent; `Closed` follows.
    public void close(long nowNanos, int channel) {}

    /// Bytes accepted on the channel and not yet sent once.
    public long bufferedAmount(int channel) {
        return 0;
    }

    public void setBufferedAmountLowThreshold(int channel, long bytes) {}

    /// Ends the association in agreement with the peer after everything queued was delivered.
    public void shutdown(long nowNanos) {
        association.shutdown(nowNanos);
    }

    /// Ends the association at once.
    public void abort(long nowNanos, String reason) {
        association.abort(nowNanos, reason);
    }

    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
        association.handleDatagram(nowNanos, borrowed, path);
    }

    @Override
    public void handleTimeout(long nowNanos) {
        association.handleTimeout(nowNanos);
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        return association.pollTransmit(nowNanos, into);
    }

    @Override
    public @Nullable DataChannelEvent pollEvent() {
        return null;
    }

    @Override
    public long nextTimeoutNanos() {
        return association.nextTimeoutNanos();
    }
}
