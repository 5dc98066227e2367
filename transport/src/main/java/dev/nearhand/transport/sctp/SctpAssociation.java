package dev.nearhand.transport.sctp;

import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One SCTP association as WebRTC uses it (RFC 9260).
public final class SctpAssociation implements ProtocolCore<SctpEvent> {
    public SctpAssociation(SctpConfig config, Path path, RandomGenerator random, RandomGenerator secrets) {}

    /// What the peer's description says: its `a=sctp-port` and `a=max-message-size` (0 there means no limit: pass
    /// `Long.MAX_VALUE`). Before [#connect].
    public void setRemote(int remotePort, long remoteMaxMessageBytes) {}

    /// Begins to set the association up. A peer that begins first, or at the same time, is answered in any case.
    public void connect(long nowNanos) {}

    /// Ends it in agreement with the peer, after everything queued has been delivered.
    public void shutdown(long nowNanos) {}

    /// Ends it at once and tells the peer.
    public void abort(long nowNanos, String reason) {}

    /// Queues a message; it is copied. May be called before the association stands.
    public SendResult send(
            long nowNanos, int streamId, boolean unordered, Reliability reliability, int ppid, ByteBuffer message) {
        return SendResult.NOT_OPEN;
    }

    /// Bytes of messages on this stream that have not been sent once.
    public long bufferedBytes(int streamId) {
        return 0;
    }

    /// Bytes of all messages that have not been sent once.
    public long bufferedBytes() {
        return 0;
    }

    public void setBufferedAmountLowThreshold(int streamId, long bytes) {}

    /// Weight of a stream against others, RFC 8831's 128 (below normal), 256, 512, 1024; 256 unless told.
    public void setPriority(int streamId, int weight) {}

    /// Resets outgoing streams once what is queued on them has been sent (RFC 6525); they take no more messages until
    /// `OutgoingStreamsReset`.
    public void resetStreams(long nowNanos, Collection<Integer> streamIds) {}

    public SctpState state() {
        return SctpState.CLOSED;
    }

    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path from) {}

    @Override
    public void handleTimeout(long nowNanos) {}

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        return null;
    }

    @Override
    public @Nullable SctpEvent pollEvent() {
        return null;
    }

    @Override
    public long nextTimeoutNanos() {
        return TimerTable.NEVER;
    }
}
