package dev.nearhand.transport.datachannel;

import dev.nearhand.transport.sctp.SctpAssociation;
import dev.nearhand.transport.sctp.SctpEvent;
import dev.nearhand.transport.sctp.SctpState;
import dev.nearhand.transport.sctp.SctpStats;
import dev.nearhand.transport.sctp.SendResult;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All data channels of one peer connection ([RFC 8831](https://www.rfc-editor.org/rfc/rfc8831)); owns the association
/// under them and numbers, opens and closes the channels on it.
///
/// A channel is known by a handle, because its stream may be decided only when DTLS is connected. Single-threaded, like
/// every core. Does not put messages together (the association does) and does not check that text is UTF-8.
public final class DataChannels implements ProtocolCore<DataChannelEvent> {
    private final SctpAssociation association;
    private final ChannelTable channels = new ChannelTable();

    /// Drained after every input, and filled from the association's events one by one.
    private final ArrayDeque<DataChannelEvent> events = new ArrayDeque<>();

    private final ControlOutbox control;

    private boolean started;
    private boolean evenStreams;
    private boolean peerKnown;
    private boolean over;
    private int outboundStreams;
    private long nowNanos;
    private long ignoredMessages;

    public DataChannels(SctpAssociation association) {
        this.association = association;
        this.control = new ControlOutbox(association);
    }

    /// DTLS is connected: numbers the channels opened so far (the DTLS client takes the even streams, RFC 8832
    /// section 6) and connects the association.
    public void start(long nowNanos, boolean dtlsClient) {
        start(nowNanos, dtlsClient, null);
    }

    /// The same with a peer whose INIT chunk is known already, and who knows ours.
    public void start(long nowNanos, boolean dtlsClient, @Nullable ByteBuffer remoteInit) {
        this.nowNanos = nowNanos;
        started = true;
        evenStreams = dtlsClient;
        for (Channel channel : channels.all()) {
            number(channel);
        }
        if (remoteInit == null) {
            association.connect(nowNanos);
        } else {
            association.connect(nowNanos, remoteInit);
        }
    }

    /// Opens a channel, at any time; answers its handle. `Opened` follows once it can be used, or `Closed` when it
    /// cannot be.
    ///
    /// @throws IllegalArgumentException when the negotiated id is in use
    /// @throws IllegalStateException when there are too many channels
    public int open(long nowNanos, DataChannelConfig config) {
        this.nowNanos = nowNanos;
        if (channels.isFull()) {
            throw new IllegalStateException("a connection has at most " + ChannelTable.LIMIT + " data channels");
        }
        config.negotiatedId().ifPresent(id -> {
            if (channels.byStream(id) != null) {
                throw new IllegalArgumentException("a data channel already uses the id " + id);
            }
        });
        Channel channel = channels.add(config, false);
        config.negotiatedId().ifPresent(id -> channels.assign(channel, id));
        if (over) {
            finish(channel, "the association is over");
        } else if (started) {
            number(channel);
            if (peerKnown) {
                announce(channel);
            }
        }
        return channel.handle;
    }

    public SendResult sendText(long nowNanos, int channel, String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        return send(nowNanos, channel, PayloadProtocol.STRING, PayloadProtocol.STRING_EMPTY, bytes);
    }

    /// Sends the remaining bytes of `data`, which are copied.
    public SendResult sendBinary(long nowNanos, int channel, ByteBuffer data) {
        return send(nowNanos, channel, PayloadProtocol.BINARY, PayloadProtocol.BINARY_EMPTY, data);
    }

    private SendResult send(long nowNanos, int handle, int ppid, int emptyPpid, ByteBuffer data) {
        this.nowNanos = nowNanos;
        Channel channel = channels.byHandle(handle);
        if (channel == null || channel.state != Channel.State.OPEN) {
            return SendResult.NOT_OPEN;
        }
        // nothing overtakes an OPEN, nor the ACK that waits for the answer to the reset of the stream's last channel
        if (control.holdsUp(channel.streamId)) {
            return SendResult.BUFFER_FULL;
        }
        channel.hasSent = true;
        boolean unordered = !channel.config.ordered() && channel.peerKnows;
        // "SCTP does not support the sending of empty user messages": one zero byte under a name of its own
        return data.hasRemaining()
                ? association.send(nowNanos, channel.streamId, unordered, channel.config.reliability(), ppid, data)
                : association.send(
                        nowNanos,
                        channel.streamId,
                        unordered,
                        channel.config.reliability(),
                        emptyPpid,
                        ByteBuffer.allocate(1));
    }

    /// Closes a channel after what is queued on it has been sent; `Closed` follows.
    public void close(long nowNanos, int handle) {
        this.nowNanos = nowNanos;
        Channel channel = channels.byHandle(handle);
        if (channel == null) {
            return;
        }
        switch (channel.state) {
            case WAITING -> finish(channel, "closed before it was open");
            case OPEN -> beginClosing(channel);
            case CLOSING -> {}
        }
    }

    /// Bytes accepted on the channel and not yet sent once; 0 for a channel that is gone.
    public long bufferedAmount(int handle) {
        Channel channel = channels.byHandle(handle);
        return channel == null || channel.streamId == Channel.NO_STREAM
                ? 0
                : association.bufferedBytes(channel.streamId);
    }

    /// When the buffered amount falls to this from above, `BufferedAmountLow` is reported; 0 unless told.
    public void setBufferedAmountLowThreshold(int handle, long bytes) {
        Channel channel = channels.byHandle(handle);
        if (channel != null) {
            channel.lowThresholdBytes = bytes;
            if (channel.streamId != Channel.NO_STREAM) {
                association.setBufferedAmountLowThreshold(channel.streamId, bytes);
            }
        }
    }

    /// Small messages of a channel are sent again before they are known to be lost; not unless told.
    public void setRedundant(int handle, boolean redundant) {
        Channel channel = channels.byHandle(handle);
        if (channel != null) {
            channel.redundant = redundant;
            if (channel.streamId != Channel.NO_STREAM) {
                association.setRedundant(channel.streamId, redundant);
            }
        }
    }

    /// The path below carries again after a silence, or another one has taken over.
    public void pathRestored(long nowNanos) {
        association.pathRestored(nowNanos);
    }

    /// Ends the association in agreement with the peer after everything queued was delivered.
    public void shutdown(long nowNanos) {
        association.shutdown(nowNanos);
    }

    /// Ends the association at once.
    public void abort(long nowNanos, String reason) {
        association.abort(nowNanos, reason);
    }

    public SctpStats stats() {
        return association.stats();
    }

    /// Messages that no channel took: on a stream without one, or of a protocol that is not WebRTC's.
    public long ignoredMessages() {
        return ignoredMessages;
    }

    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
        this.nowNanos = nowNanos;
        association.handleDatagram(nowNanos, borrowed, path);
    }

    @Override
    public void handleTimeout(long nowNanos) {
        this.nowNanos = nowNanos;
        association.handleTimeout(nowNanos);
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        this.nowNanos = nowNanos;
        flushControl();
        return association.pollTransmit(nowNanos, into);
    }

    @Override
    public @Nullable DataChannelEvent pollEvent() {
        while (events.isEmpty()) {
            SctpEvent event = association.pollEvent();
            if (event == null) {
                return null;
            }
            onEvent(event);
        }
        return events.poll();
    }

    @Override
    public long nextTimeoutNanos() {
        return association.nextTimeoutNanos();
    }

    // ---- what the association reports

    private void onEvent(SctpEvent event) {
        switch (event) {
            case SctpEvent.PeerKnown peer -> onPeerKnown(peer.outboundStreams());
            case SctpEvent.Established _ -> events.add(new DataChannelEvent.AssociationEstablished());
            case SctpEvent.Restarted _ -> finishAll("the peer began anew");
            case SctpEvent.MessageReceived(int stream, int ppid, ByteBuffer message) ->
                onMessage(stream, ppid, message);
            case SctpEvent.IncomingStreamsReset(List<Integer> ids) -> onIncomingReset(ids);
            case SctpEvent.OutgoingStreamsReset(List<Integer> ids) -> onOutgoingReset(ids, false);
            case SctpEvent.StreamsResetFailed(List<Integer> ids, String _) -> onOutgoingReset(ids, true);
            case SctpEvent.BufferedAmountLow low -> {
                Channel channel = channels.byStream(low.streamId());
                if (channel != null && channel.hasSent) {
                    events.add(new DataChannelEvent.BufferedAmountLow(channel.handle));
                }
            }
            case SctpEvent.SendBufferAvailable _ -> events.add(new DataChannelEvent.SendBufferAvailable());
            case SctpEvent.Closed(boolean clean, String reason) -> {
                over = true;
                finishAll(reason);
                events.add(new DataChannelEvent.AssociationClosed(clean, reason));
            }
        }
    }

    private void onPeerKnown(int streams) {
        peerKnown = true;
        outboundStreams = streams;
        for (Channel channel : channels.all()) {
            if (channel.state == Channel.State.WAITING) {
                number(channel);
                announce(channel);
            }
        }
    }

    private void onMessage(int streamId, int ppid, ByteBuffer message) {
        if (ppid == PayloadProtocol.DCEP) {
            onControl(streamId, message);
            return;
        }
        Channel channel = channels.byStream(streamId);
        if (channel == null || channel.state != Channel.State.OPEN) {
            ignoredMessages++;
            return;
        }
        channel.peerKnows = true;
        switch (ppid) {
            case PayloadProtocol.STRING -> events.add(new DataChannelEvent.Message(channel.handle, true, message));
            case PayloadProtocol.BINARY -> events.add(new DataChannelEvent.Message(channel.handle, false, message));
            case PayloadProtocol.STRING_EMPTY ->
                events.add(new DataChannelEvent.Message(channel.handle, true, ByteBuffer.allocate(0)));
            case PayloadProtocol.BINARY_EMPTY ->
                events.add(new DataChannelEvent.Message(channel.handle, false, ByteBuffer.allocate(0)));
            default -> ignoredMessages++;
        }
    }

    private void onControl(int streamId, ByteBuffer bytes) {
        switch (DcepMessage.parse(bytes)) {
            case null -> ignoredMessages++;
            case DcepMessage.Ack _ -> {
                Channel channel = channels.byStream(streamId);
                if (channel != null) {
                    channel.peerKnows = true;
                }
            }
            case DcepMessage.Open open -> onOpen(streamId, open.config());
        }
    }

    private void onOpen(int streamId, DataChannelConfig config) {
        Channel known = channels.byStream(streamId);
        if (known != null && known.state == Channel.State.CLOSING && known.incomingReset) {
            // the peer has finished closing and uses the stream again; its answer to our reset is still on its way
            finish(known, "closed");
            known = null;
        }
        if (known != null || streamId > ChannelTable.MAX_STREAM_ID) {
            ignoredMessages++;
            return;
        }
        if (channels.isFull()) {
            association.resetStreams(nowNanos, List.of(streamId));
            return;
        }
        Channel channel = channels.add(config, true);
        channels.assign(channel, streamId);
        configure(channel);
        queueControl(streamId, new DcepMessage.Ack());
        channel.state = Channel.State.OPEN;
        events.add(new DataChannelEvent.Opened(channel.handle, streamId, config, true));
    }

    private void onIncomingReset(Collection<Integer> streamIds) {
        if (streamIds.isEmpty()) {
            for (Channel channel : channels.all()) {
                onIncomingReset(channel);
            }
            return;
        }
        for (int id : streamIds) {
            Channel channel = channels.byStream(id);
            if (channel != null) {
                onIncomingReset(channel);
            }
        }
    }

    /// "the peer … MUST also reset its outgoing stream" (RFC 8831 section 6.7).
    private void onIncomingReset(Channel channel) {
        switch (channel.state) {
            case WAITING -> {}
            case OPEN -> {
                channel.incomingReset = true;
                beginClosing(channel);
                events.add(new DataChannelEvent.Closing(channel.handle));
            }
            case CLOSING -> {
                channel.incomingReset = true;
                finishIfBothReset(channel);
            }
        }
    }

    private void onOutgoingReset(Collection<Integer> streamIds, boolean failed) {
        for (int id : streamIds) {
            Channel channel = channels.byStream(id);
            if (channel != null && channel.state == Channel.State.CLOSING) {
                channel.outgoingReset = true;
                channel.incomingReset |= failed; // a peer that resets nothing here will not there either
                finishIfBothReset(channel);
            }
        }
        flushControl();
    }

    // ---- the life of a channel

    private void number(Channel channel) {
        if (channel.streamId == Channel.NO_STREAM) {
            int id = channels.freeStream(evenStreams);
            if (id != Channel.NO_STREAM) {
                channels.assign(channel, id);
            }
        }
    }

    private void announce(Channel channel) {
        if (channel.streamId == Channel.NO_STREAM || channel.streamId >= outboundStreams) {
            finish(channel, "the peer takes no more streams");
            return;
        }
        configure(channel);
        if (channel.config.negotiatedId().isEmpty()) {
            queueControl(channel.streamId, new DcepMessage.Open(channel.config));
        }
        channel.state = Channel.State.OPEN;
        events.add(new DataChannelEvent.Opened(channel.handle, channel.streamId, channel.config, false));
    }

    private void configure(Channel channel) {
        association.setPriority(channel.streamId, channel.config.priority());
        association.setRedundant(channel.streamId, channel.redundant);
        association.setBufferedAmountLowThreshold(channel.streamId, channel.lowThresholdBytes);
    }

    private void queueControl(int streamId, DcepMessage message) {
        control.add(streamId, message);
        flushControl();
    }

    private void flushControl() {
        if (control.flush(nowNanos)) {
            events.add(new DataChannelEvent.SendBufferAvailable());
        }
    }

    private void beginClosing(Channel channel) {
        flushControl();
        boolean unannounced = control.holdsOpen(channel.streamId);
        control.remove(channel.streamId);
        if (unannounced) {
            finish(channel, "closed before the peer heard of it");
            return;
        }
        channel.state = Channel.State.CLOSING;
        association.resetStreams(nowNanos, List.of(channel.streamId));
    }

    private void finishIfBothReset(Channel channel) {
        if (channel.outgoingReset && channel.incomingReset) {
            finish(channel, "closed");
        }
    }

    private void finish(Channel channel, String reason) {
        channels.remove(channel);
        events.add(new DataChannelEvent.Closed(channel.handle, reason));
    }

    private void finishAll(String reason) {
        control.clear();
        for (Channel channel : channels.all()) {
            finish(channel, reason);
        }
    }

    /// The state of the association underneath.
    public SctpState associationState() {
        return association.state();
    }
}
