package dev.nearhand.app.link;

import dev.nearhand.app.session.AnsweringLink;
import dev.nearhand.app.session.LinkStats;
import dev.nearhand.app.session.OfferingLink;
import dev.nearhand.app.session.PathMessage;
import dev.nearhand.app.session.PeerLink;
import dev.nearhand.app.session.protocol.ControlProtocol;
import dev.nearhand.transport.api.ConnectionState;
import dev.nearhand.transport.api.ConnectionStats;
import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.DataChannelOptions;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.RemoteVideoTrack;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.TransportException;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.api.VideoTrack;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A session's link over a WebRTC connection: the data channels and the video track by their agreed names.
///
/// The host opens both channels and sends the track; the viewer takes them. Any thread.
public final class WebRtcLink implements OfferingLink, AnsweringLink {
    /// More than this waiting on the reliable channel means that the other side does not keep up.
    private static final long CONTROL_BUFFER_LIMIT_BYTES = 8L << 20;

    /// A move that would have to wait behind this much is old before it leaves.
    private static final long POINTER_BUFFER_LIMIT_BYTES = 16 << 10;

    /// Tiles that would have to wait behind this much are taken anew from a later picture instead.
    private static final long TILES_BUFFER_LIMIT_BYTES = 256 << 10;

    private final PeerConnection connection;
    private CompletableFuture<Void> told = CompletableFuture.completedFuture(null);
    private volatile @Nullable DataChannel control;
    private volatile @Nullable DataChannel pointer;
    private volatile @Nullable DataChannel tiles;
    private volatile long videoLimitBps; // 0 for the transport's own
    private volatile @Nullable VideoTrack localVideo;
    private volatile @Nullable RemoteVideoTrack remoteVideo;
    private volatile @Nullable Events events;

    private WebRtcLink(PeerConnection connection) {
        this.connection = connection;
    }

    /// @throws TransportException when no socket can be opened
    public static OfferingLink host(PeerConfig config) {
        return new WebRtcLink(PeerConnection.create(config));
    }

    /// @throws TransportException when no socket can be opened
    public static AnsweringLink viewer(PeerConfig config) {
        PeerConnection connection = PeerConnection.create(config);
        connection.acceptVideo(VideoCodec.VP8); // what the viewer decodes
        return new WebRtcLink(connection);
    }

    @Override
    public void listen(Events events) {
        this.events = events;
        connection.onStateChange((state, reason) -> linkState(state).ifPresent(now -> events.onState(now, reason)));
        connection.onDataChannel(channel -> take(channel, events));
        connection.onIceCandidate(
                found -> events.onCandidate(new PathMessage.Candidate(found.candidate(), found.sdpMid())));
        connection.onVideoTrack(track -> {
            if (remoteVideo == null) {
                remoteVideo = track;
                track.onFrame(frame -> events.onVideo(frame.data(), frame.rtpTimestamp(), frame.keyframe()));
            }
        });
    }

    @Override
    public void limitVideo(long bps) {
        videoLimitBps = bps;
    }

    @Override
    public CompletableFuture<String> offer() {
        Events listening = listening();
        VideoTrack video = connection.addVideoTrack(ControlProtocol.VIDEO_NAME, VideoCodec.VP8);
        video.onKeyframeRequest(listening::onKeyframeRequest);
        video.onTargetBitrate(listening::onTargetBitrate);
        if (videoLimitBps > 0) {
            video.limitBitrate(videoLimitBps);
        }
        localVideo = video;
        take(connection.createDataChannel(ControlProtocol.CONTROL_LABEL, DataChannelOptions.reliable()), listening);
        take(connection.createDataChannel(ControlProtocol.POINTER_LABEL, DataChannelOptions.unreliable()), listening);
        return connection.offerAsync().thenApply(SessionDescription::sdp);
    }

    @Override
    public CompletableFuture<String> restart() {
        connection.restartIce();
        return connection.offerAsync().thenApply(SessionDescription::sdp);
    }

    @Override
    public CompletableFuture<Void> accept(String answer) {
        return next(() -> connection.setRemoteDescription(SessionDescription.answer(answer)));
    }

    @Override
    public CompletableFuture<String> answer(String offer) {
        listening();
        return connection.answerAsync(SessionDescription.offer(offer)).thenApply(SessionDescription::sdp);
    }

    @Override
    public void addCandidate(PathMessage.Candidate candidate) {
        if (!candidate.candidate().isEmpty()) {
            next(() -> connection.addRemoteCandidate(candidate.candidate()));
        }
    }

    /// What the other side has told is applied in the order in which it came, without making the caller wait.
    private synchronized CompletableFuture<Void> next(Runnable step) {
        CompletableFuture<Void> done = told.handle((_, _) -> null).thenRunAsync(step, Thread::startVirtualThread);
        told = done;
        return done;
    }

    private Events listening() {
        Events present = events;
        if (present == null) {
            throw new IllegalStateException("nobody listens yet");
        }
        return present;
    }

    private void take(DataChannel channel, Events events) {
        switch (channel.label()) {
            case ControlProtocol.CONTROL_LABEL -> {
                control = channel;
                channel.redundant(true); // a key or a button must not be late because a packet was lost
                channel.onMessage(message -> events.onControl(message.data()));
                channel.onOpen(events::onControlOpen);
            }
            case ControlProtocol.POINTER_LABEL -> {
                pointer = channel;
                channel.onMessage(message -> events.onPointer(message.data()));
            }
            case ControlProtocol.TILES_LABEL -> {
                tiles = channel;
                channel.onMessage(message -> events.onTiles(message.data()));
                channel.onOpen(events::onTilesOpen);
                channel.onClose(events::onTilesClosed);
            }
            default -> channel.close();
        }
    }

    @Override
    public boolean sendControl(String message) {
        return send(control, CONTROL_BUFFER_LIMIT_BYTES, channel -> channel.send(message));
    }

    @Override
    public boolean sendPointer(String message) {
        return send(pointer, POINTER_BUFFER_LIMIT_BYTES, channel -> channel.send(message));
    }

    @Override
    public void openTiles() {
        take(connection.createDataChannel(ControlProtocol.TILES_LABEL, DataChannelOptions.reliable()), listening());
    }

    @Override
    public boolean sendTiles(ByteBuffer message) {
        return send(tiles, TILES_BUFFER_LIMIT_BYTES, channel -> channel.send(message));
    }

    @Override
    public long tilesWaiting() {
        DataChannel channel = tiles;
        return channel == null ? 0 : channel.bufferedAmount();
    }

    @Override
    public void closeTiles() {
        DataChannel channel = tiles;
        if (channel != null) {
            channel.close();
        }
    }

    private static boolean send(@Nullable DataChannel channel, long limitBytes, Consumer<DataChannel> message) {
        if (channel == null || !channel.isOpen() || channel.bufferedAmount() > limitBytes) {
            return false;
        }
        try {
            message.accept(channel);
            return true;
        } catch (TransportException notSent) {
            return false;
        }
    }

    @Override
    public void sendVideo(ByteBuffer frame, long rtpTimestamp) {
        VideoTrack video = localVideo;
        if (video != null) {
            video.write(frame, rtpTimestamp);
        }
    }

    @Override
    public void requestKeyframe() {
        RemoteVideoTrack video = remoteVideo;
        if (video != null) {
            video.requestKeyframe();
        }
    }

    @Override
    public LinkStats stats() {
        return linkStats(connection);
    }

    static LinkStats linkStats(PeerConnection connection) {
        ConnectionStats stats = connection.stats();
        return new LinkStats(
                stats.roundTrip(), stats.path(), stats.bytesSent(), stats.bytesReceived(), stats.counters());
    }

    @Override
    public void close() {
        connection.close();
    }

    static Optional<PeerLink.State> linkState(ConnectionState state) {
        return switch (state) {
            case NEW -> Optional.empty();
            case CONNECTING -> Optional.of(PeerLink.State.CONNECTING);
            case CONNECTED -> Optional.of(PeerLink.State.CONNECTED);
            case DISCONNECTED -> Optional.of(PeerLink.State.DISCONNECTED);
            case FAILED -> Optional.of(PeerLink.State.FAILED);
            case CLOSED -> Optional.of(PeerLink.State.CLOSED);
        };
    }
}
