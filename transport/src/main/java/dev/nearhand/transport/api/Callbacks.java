package dev.nearhand.transport.api;

import dev.nearhand.transport.datachannel.DataChannelConfig;
import dev.nearhand.transport.datachannel.DataChannelEvent;
import dev.nearhand.transport.netty.NettyPeer;
import dev.nearhand.transport.netty.NetworkStats;
import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.peer.PeerCore;
import dev.nearhand.transport.peer.PeerEvent;
import dev.nearhand.transport.peer.PeerState;
import dev.nearhand.transport.peer.PeerStats;
import dev.nearhand.transport.sctp.Reliability;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From the events of the core to the callbacks of the user: knows which object a handle stands for.
///
/// Everything here runs on the loop, except [#state]. What a callback throws is logged and goes no further.
final class Callbacks implements NettyPeer.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(PeerConnection.class);

    @Nullable
    Consumer<DataChannel> channelCallback;

    @Nullable
    Consumer<RemoteVideoTrack> trackCallback;

    @Nullable
    Consumer<RemoteAudioTrack> audioCallback;

    volatile @Nullable Consumer<IceCandidate> candidateCallback;

    volatile @Nullable Consumer<NetworkChange> networkCallback;

    private final PeerConnection connection;
    private final Map<Integer, DataChannel> channels = new HashMap<>();
    private final Map<Integer, VideoTrack> tracks = new HashMap<>();
    private final Map<Integer, RemoteVideoTrack> remoteTracks = new HashMap<>();
    private final Map<Integer, AudioTrack> audioTracks = new HashMap<>();
    private final Map<Integer, RemoteAudioTrack> remoteAudio = new HashMap<>();
    private final Set<DataChannel> watched = new LinkedHashSet<>();
    private PeerConnection.@Nullable StateListener stateListener;
    private volatile ConnectionState state = ConnectionState.NEW;
    private String reason = "";

    Callbacks(PeerConnection connection) {
        this.connection = connection;
    }

    ConnectionState state() {
        return state;
    }

    void listen(PeerConnection.StateListener listener) {
        stateListener = listener;
        if (state != ConnectionState.NEW) {
            listener.onStateChange(state, reason);
        }
    }

    void watch(DataChannel channel) {
        watched.add(channel);
    }

    DataChannel openChannel(PeerCore core, long now, String label, DataChannelOptions options) {
        Reliability reliability = Reliability.RELIABLE;
        if (options.maxRetransmits() != DataChannelOptions.UNLIMITED) {
            reliability = new Reliability.MaxRetransmits(options.maxRetransmits());
        } else if (options.maxLifetimeMillis() != DataChannelOptions.UNLIMITED) {
            reliability = new Reliability.MaxLifetime(options.maxLifetimeMillis());
        }
        int handle = core.openChannel(
                now,
                new DataChannelConfig(
                        label,
                        options.protocol(),
                        options.ordered(),
                        reliability,
                        options.priority(),
                        options.negotiatedId() == DataChannelOptions.AUTOMATIC
                                ? OptionalInt.empty()
                                : OptionalInt.of(options.negotiatedId())));
        core.channels().setRedundant(handle, options.redundant());
        DataChannel channel = new DataChannel(connection, handle, label, options);
        channels.put(handle, channel);
        return channel;
    }

    VideoTrack addTrack(PeerCore core, String name, List<VideoCodec> codecs) {
        Codec[] wanted = codecs.stream().map(VideoCodec::codec).toArray(Codec[]::new);
        VideoTrack track = new VideoTrack(connection, core.addTrack(name, wanted), name, codecs.getFirst());
        tracks.put(track.handle(), track);
        return track;
    }

    AudioTrack addAudioTrack(PeerCore core, String name) {
        AudioTrack track = new AudioTrack(connection, core.addTrack(name, AudioTrack.CODEC), name);
        audioTracks.put(track.handle(), track);
        return track;
    }

    @Override
    public void onEvent(PeerEvent event, PeerCore core) {
        try {
            switch (event) {
                case PeerEvent.StateChanged change -> onState(change.state(), change.reason());
                case PeerEvent.Channel(DataChannelEvent about) -> onChannel(about, core);
                case PeerEvent.TrackAdded added
                when added.audio() -> {
                    RemoteAudioTrack track = new RemoteAudioTrack(connection, added.track(), added.name());
                    remoteAudio.put(added.track(), track);
                    Consumer<RemoteAudioTrack> callback = audioCallback;
                    if (callback != null) {
                        callback.accept(track);
                    }
                }
                case PeerEvent.TrackAdded added -> {
                    RemoteVideoTrack track =
                            new RemoteVideoTrack(connection, added.track(), added.name(), added.layers());
                    remoteTracks.put(added.track(), track);
                    Consumer<RemoteVideoTrack> callback = trackCallback;
                    if (callback != null) {
                        callback.accept(track);
                    }
                }
                case PeerEvent.TrackEnded gone -> {
                    RemoteVideoTrack track = remoteTracks.remove(gone.track());
                    if (track != null) {
                        track.ended();
                    }
                    RemoteAudioTrack audio = remoteAudio.remove(gone.track());
                    if (audio != null) {
                        audio.ended();
                    }
                }
                case PeerEvent.Frame frame
                when frame.codec().isAudio() -> {
                    RemoteAudioTrack track = remoteAudio.get(frame.track());
                    if (track != null) {
                        track.received(new EncodedAudioPacket(frame.data(), frame.rtpTimestamp()));
                    }
                }
                case PeerEvent.Frame frame -> {
                    RemoteVideoTrack track = remoteTracks.get(frame.track());
                    if (track != null) {
                        track.received(new EncodedVideoFrame(
                                VideoCodec.of(frame.codec()), frame.data(), frame.rtpTimestamp(), frame.keyframe()));
                    }
                }
                case PeerEvent.SendingChanged change -> {
                    VideoTrack track = tracks.get(change.sender());
                    if (track != null) {
                        track.sendingChanged(change.sending(), VideoCodec.of(change.codec()));
                    }
                    AudioTrack audio = audioTracks.get(change.sender());
                    if (audio != null) {
                        audio.sendingChanged(change.sending());
                    }
                }
                case PeerEvent.KeyframeRequested request -> {
                    VideoTrack track = tracks.get(request.sender());
                    if (track != null) {
                        track.keyframeRequested();
                    }
                }
                case PeerEvent.TargetBitrate(int sender, long bps) -> {
                    VideoTrack track = tracks.get(sender);
                    if (track != null) {
                        track.targetBitrate(bps);
                    }
                }
                case PeerEvent.LocalCandidate(String attribute, String mid) -> {
                    Consumer<IceCandidate> callback = candidateCallback;
                    if (callback != null) {
                        callback.accept(new IceCandidate(attribute, mid));
                    }
                }
                case PeerEvent.ResolveHost _,
                        PeerEvent.ResolveServer _,
                        PeerEvent.ResolveService _,
                        PeerEvent.DiscoverServers _,
                        PeerEvent.PublishHost _,
                        PeerEvent.WithdrawHost _,
                        PeerEvent.OpenStream _ -> {} // answered below this layer
            }
        } catch (RuntimeException usersFault) {
            LOG.error("a callback threw", usersFault);
        }
    }

    @Override
    public void onNetworkChange(int added, int gone) {
        Consumer<NetworkChange> callback = networkCallback;
        if (callback != null) {
            try {
                callback.accept(new NetworkChange(added, gone));
            } catch (RuntimeException usersFault) {
                LOG.error("a callback threw", usersFault);
            }
        }
    }

    private void onState(PeerState next, String why) {
        ConnectionState seen =
                switch (next) {
                    case NEW -> ConnectionState.NEW;
                    case CONNECTING -> ConnectionState.CONNECTING;
                    case CONNECTED -> ConnectionState.CONNECTED;
                    case DISCONNECTED -> ConnectionState.DISCONNECTED;
                    case FAILED -> ConnectionState.FAILED;
                    case CLOSING, CLOSED -> ConnectionState.CLOSED;
                };
        if (next == PeerState.CLOSED || next == PeerState.CLOSING) {
            tracks.values().forEach(track -> track.sendingChanged(false, track.codec()));
            audioTracks.values().forEach(track -> track.sendingChanged(false));
        }
        if (seen == state) {
            return;
        }
        LOG.info("connection {} -> {}: {}", state, seen, why);
        state = seen;
        reason = why;
        if (stateListener != null) {
            stateListener.onStateChange(seen, why);
        }
    }

    private void onChannel(DataChannelEvent event, PeerCore core) {
        switch (event) {
            case DataChannelEvent.Opened opened -> {
                DataChannel channel = channels.get(opened.channel());
                if (channel == null) {
                    channel = new DataChannel(
                            connection, opened.channel(), opened.config().label(), options(opened.config()));
                    channels.put(opened.channel(), channel);
                    channel.opened(core.remoteMaxMessageBytes());
                    Consumer<DataChannel> callback = channelCallback;
                    if (callback != null) {
                        callback.accept(channel);
                    }
                } else {
                    channel.opened(core.remoteMaxMessageBytes());
                }
            }
            case DataChannelEvent.Message message -> {
                DataChannel channel = channels.get(message.channel());
                if (channel != null) {
                    channel.received(new DataChannelMessage(message.text(), message.data()));
                }
            }
            case DataChannelEvent.Closing closing -> {
                DataChannel channel = channels.get(closing.channel());
                if (channel != null) {
                    channel.closing();
                }
            }
            case DataChannelEvent.Closed closed -> {
                DataChannel channel = channels.remove(closed.channel());
                if (channel != null) {
                    channel.closed();
                }
            }
            case DataChannelEvent.AssociationClosed _ -> closeAllChannels();
            // the amounts are followed in onQuiet
            case DataChannelEvent.BufferedAmountLow _,
                    DataChannelEvent.SendBufferAvailable _,
                    DataChannelEvent.AssociationEstablished _ -> {}
        }
    }

    private void closeAllChannels() {
        List<DataChannel> all = List.copyOf(channels.values());
        channels.clear();
        all.forEach(DataChannel::closed);
    }

    private static DataChannelOptions options(DataChannelConfig config) {
        DataChannelOptions options = DataChannelOptions.reliable()
                .withOrdered(config.ordered())
                .withProtocol(config.protocol())
                .withPriority(Math.max(1, config.priority()));
        return switch (config.reliability()) {
            case Reliability.Reliable _ -> options;
            case Reliability.MaxRetransmits(int count) -> options.withMaxRetransmits(count);
            case Reliability.MaxLifetime(long millis) ->
                options.withMaxLifetime(Duration.ofMillis(Math.min(millis, Integer.MAX_VALUE)));
        };
    }

    @Override
    public void onQuiet(PeerCore core, long now) {
        if (watched.isEmpty()) {
            return;
        }
        for (DataChannel channel : List.copyOf(watched)) {
            follow(channel, core, now);
        }
    }

    private void follow(DataChannel channel, PeerCore core, long now) {
        try {
            if (!channel.follow(core, now)) {
                watched.remove(channel);
            }
        } catch (RuntimeException usersFault) {
            LOG.error("a callback threw", usersFault);
        }
    }

    @Override
    public void onBug(Throwable bug) {
        closeAllChannels();
        remoteTracks.values().forEach(RemoteVideoTrack::ended);
        remoteAudio.values().forEach(RemoteAudioTrack::ended);
        onState(PeerState.FAILED, "an error inside this program: " + bug);
    }

    ConnectionStats stats(PeerCore core, NetworkStats network, Map<String, Long> names, long proxyFailures) {
        PeerStats peer = core.stats();
        SortedMap<String, Long> counters = new TreeMap<>(peer.counters());
        counters.putAll(names);
        if (network.sendErrors() > 0) {
            counters.put("dropped.sendErrors", network.sendErrors());
        }
        if (network.sendQueueFull() > 0) {
            counters.put("dropped.sendQueueFull", network.sendQueueFull());
        }
        if (proxyFailures > 0) {
            counters.put("proxy.failures", proxyFailures);
        }
        return new ConnectionStats(
                state,
                Duration.ofNanos(peer.connectNanos()),
                Duration.ofNanos(peer.roundTripNanos()),
                peer.pathKind(),
                network.packetsSent(),
                network.bytesSent(),
                network.packetsReceived(),
                network.bytesReceived(),
                Collections.unmodifiableSortedMap(counters));
    }
}
