package dev.nearhand.app.connect;

import dev.nearhand.app.link.Formats;
import dev.nearhand.app.session.Broadcasts;
import dev.nearhand.app.session.HostConfig;
import dev.nearhand.app.session.HostDevices;
import dev.nearhand.app.session.ScreenBroadcast;
import dev.nearhand.app.session.SessionStats;
import dev.nearhand.transport.api.IceServer;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.TransportException;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.api.VideoTrack;
import dev.nearhand.transport.signaling.HttpEndpoint;
import dev.nearhand.transport.signaling.HttpSession;
import dev.nearhand.transport.signaling.SignalingServer;
import dev.nearhand.transport.signaling.SignalingServerConfig;
import dev.nearhand.transport.signaling.WhipClient;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// This screen for other people's programs: sent to a WHIP server, or served by WHEP from here. It can be seen, never
/// steered. Any thread; only [#close] waits.
public final class ScreenPublication implements AutoCloseable {
    /// Where players find it, below the address of the server.
    public static final String WHEP_PATH = "/whep";

    /// Told what becomes of it. Calls come on threads of the publication and must not block.
    public interface Listener {
        /// @param sentence for a person
        void onState(String sentence);

        /// It is over by itself.
        ///
        /// @param reason a sentence for a person
        void onEnded(String reason);
    }

    private static final String TRACK = "screen";
    /// VP8 is what we encode screens best in; some servers take H.264 only.
    private static final VideoCodec[] FORMATS = {VideoCodec.VP8, VideoCodec.H264};

    private final Broadcasts broadcasts;
    private final Listener listener;
    private final PeerConfig peers;
    private final Object telling = new Object();
    private @Nullable HttpSession session;
    private @Nullable PeerConnection single;
    private @Nullable SignalingServer server;

    private ScreenPublication(HostConfig config, HostDevices devices, PeerConfig peers, Listener listener) {
        this.broadcasts = new Broadcasts(config, devices, listener::onEnded);
        this.peers = peers;
        this.listener = listener;
    }

    private static PeerConfig peers(IceSettings ice) {
        PeerConnection.warmUp();
        return ice.peers();
    }

    /// Publishes to a server; returns when that is agreed.
    ///
    /// @param ice without servers, those that the server itself names are asked
    /// @throws ConnectException when the server does not take it, and what to try
    public static ScreenPublication toWhip(
            HttpEndpoint endpoint, IceSettings ice, HostConfig config, HostDevices devices, Listener listener) {
        List<IceServer> servers = ice.servers().isEmpty()
                ? WhipClient.iceServers(endpoint).join().stream()
                        .limit(IceSettings.SERVERS_LIMIT)
                        .toList()
                : ice.servers();
        PeerConfig peers = peers(ice.withServers(servers))
                .withLoopback(LocalAddresses.isThisMachine(endpoint.url().getHost()));
        ScreenPublication made = new ScreenPublication(config, devices, peers, listener);
        try {
            made.publish(endpoint);
            return made;
        } catch (CompletionException | TransportException failure) {
            made.close();
            throw HttpFailures.sentence(failure);
        }
    }

    private void publish(HttpEndpoint endpoint) {
        PeerConnection connection = connection(peers, reason -> listener.onEnded("The server has ended it" + reason));
        synchronized (this) {
            single = connection;
        }
        HttpSession agreed = WhipClient.publish(endpoint, connection).join();
        synchronized (this) {
            session = agreed;
        }
    }

    /// Serves the screen to whoever asks at [#WHEP_PATH].
    ///
    /// @param http where, for whom and for how many
    /// @throws ConnectException when the port cannot be opened
    public static ScreenPublication asWhep(
            SignalingServerConfig http, IceSettings ice, HostConfig config, HostDevices devices, Listener listener) {
        PeerConfig peers = peers(ice).withBindAddresses(http.bindAddresses());
        ScreenPublication made = new ScreenPublication(config, devices, peers, listener);
        try {
            made.serve(http);
            return made;
        } catch (TransportException failure) {
            made.close();
            throw HttpFailures.sentence(failure);
        }
    }

    private void serve(SignalingServerConfig http) {
        SignalingServer open = SignalingServer.open(http);
        open.addWhep(WHEP_PATH, request -> connection(peers.withLoopback(request.fromThisMachine()), _ -> {}));
        synchronized (this) {
            server = open;
        }
    }

    /// Sends the screen for as long as it is connected.
    ///
    /// @param over told how the sentence goes on that says that it is over
    private PeerConnection connection(PeerConfig config, Consumer<String> over) {
        PeerConnection connection = PeerConnection.create(config);
        Watcher watcher = new Watcher(connection.addVideoTrack(TRACK, FORMATS));
        connection.onStateChange((state, reason) -> {
            switch (state) {
                case NEW, CONNECTING, DISCONNECTED -> {}
                case CONNECTED -> {
                    watcher.begin();
                    tellWatchers();
                }
                case FAILED, CLOSED -> {
                    watcher.end();
                    tellWatchers();
                    over.accept(reason.isEmpty() ? "." : ": " + reason);
                }
            }
        });
        return connection;
    }

    /// One connection that the screen goes out by, in the format that was agreed on.
    private final class Watcher implements ScreenBroadcast.Output {
        private final VideoTrack video;
        private @Nullable ScreenBroadcast source;
        private boolean connected;

        Watcher(VideoTrack video) {
            this.video = video;
            video.onKeyframeRequest(this::keyframe);
        }

        @Override
        public void frame(ByteBuffer frame, long rtpTimestamp) {
            video.write(frame, rtpTimestamp);
        }

        synchronized void begin() {
            connected = true;
            follow();
        }

        synchronized void end() {
            connected = false;
            follow();
        }

        /// Also called when the track begins to send, and when another format is agreed on.
        private synchronized void keyframe() {
            follow();
            if (source != null) {
                source.requestKeyframe();
            }
        }

        private void follow() {
            ScreenBroadcast wanted = connected ? broadcasts.in(Formats.of(video.codec())) : null;
            if (source != null && !source.equals(wanted)) {
                source.remove(this);
            }
            if (wanted != null && !wanted.equals(source)) {
                wanted.add(this);
            }
            source = wanted;
        }
    }

    /// Counts and tells in one: of two connections that change at once, the last to tell has counted both.
    private void tellWatchers() {
        synchronized (telling) {
            int count = broadcasts.outputs();
            listener.onState(
                    switch (count) {
                        case 0 -> "The screen is not being sent.";
                        case 1 -> "The screen is being sent.";
                        default -> "The screen is being sent to " + count + " watchers.";
                    });
        }
    }

    /// The TCP port that is listened on; 0 when it is published to a server.
    public synchronized int port() {
        return server == null ? 0 : server.port();
    }

    public SessionStats stats() {
        return broadcasts.stats();
    }

    /// Ends it for everybody; waits until that is done.
    @Override
    public void close() {
        HttpSession agreed;
        PeerConnection alone;
        SignalingServer open;
        synchronized (this) {
            agreed = session;
            alone = single;
            open = server;
        }
        if (agreed != null) {
            agreed.close();
        } else if (alone != null) {
            alone.close();
        }
        if (open != null) {
            open.close();
        }
        broadcasts.close();
    }
}
