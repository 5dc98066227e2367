package dev.nearhand.transport.api;

import dev.nearhand.transport.bc.BcDtls;
import dev.nearhand.transport.netty.NettyPeer;
import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.peer.NegotiationException;
import dev.nearhand.transport.peer.PeerCore;
import dev.nearhand.transport.peer.PeerCoreConfig;
import dev.nearhand.transport.peer.PeerPorts;
import dev.nearhand.transport.peer.SdpKind;
import dev.nearhand.transport.peer.ServerLogin;
import dev.nearhand.transport.turn.ServerUri;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ObjLongConsumer;
import java.util.regex.Pattern;

/// A WebRTC connection to one other program: the entry to everything here.
///
/// Methods may be called from any thread. Callbacks run on the connection's loop, one at a time, and must not block it;
/// inside a callback the methods of this class answer at once. A callback may call other connections, too.
public final class PeerConnection implements AutoCloseable {
    /// Told of every change of state, with its reason as a person would say it.
    @FunctionalInterface
    public interface StateListener {
        void onStateChange(ConnectionState state, String reason);
    }

    /// What a track may be called: it stands as one word in a description (RFC 8830 section 2).
    private static final Pattern TRACK_NAME = Pattern.compile("[A-Za-z0-9_.+-]{1,64}");

    private static final SecureRandom SECRETS = new SecureRandom();

    private final PeerConfig config;
    private final Callbacks callbacks;
    private final NettyPeer peer;

    private PeerConnection(PeerConfig config) {
        this.config = config;
        this.callbacks = new Callbacks(this);
        this.peer = bare(config, callbacks);
    }

    /// What is under a connection, without its callbacks.
    static NettyPeer bare(PeerConfig config, NettyPeer.Listener listener) {
        Function<Runnable, PeerCore> core = wakeUp -> new PeerCore(limits(config), ports(wakeUp));
        SharedPort shared = config.sharedPort();
        TcpProxy proxy = config.proxy();
        NettyPeer peer = new NettyPeer(
                core, listener, shared == null ? null : shared.port(), proxy == null ? null : proxy.server());
        if (config.tcpCandidates() && config.iceTransportPolicy() == IceTransportPolicy.ALL) {
            peer.acceptTcp();
        }
        return peer;
    }

    private static PeerCoreConfig limits(PeerConfig config) {
        long buffer = Math.min(config.maxBufferedBytes(), Integer.MAX_VALUE);
        List<dev.nearhand.transport.peer.IceServer> servers = config.iceServers().stream()
                .map(server -> new dev.nearhand.transport.peer.IceServer(
                        ServerUri.parse(server.url()),
                        server.username(),
                        server.credential(),
                        config.proxy() != null && server.isReachedByStream()))
                .filter(server -> config.sharedPort() == null || !isTurnOverUdp(server.uri()))
                .toList();
        boolean relayOnly = config.iceTransportPolicy() == IceTransportPolicy.RELAY;
        var bundlePolicy = dev.nearhand.transport.peer.BundlePolicy.valueOf(
                config.bundlePolicy().name());
        TurnDiscovery discovery = relayOnly || config.sharedPort() != null ? null : config.turnDiscovery();
        return new PeerCoreConfig(
                config.maxMessageBytes(),
                (int) buffer,
                servers,
                relayOnly,
                bundlePolicy,
                config.mdnsCandidates(),
                discovery == null ? null : new ServerLogin(discovery.username(), discovery.credential()));
    }

    /// An allocation belongs to the client's address and port (RFC 8656 section 2.2): one port, one client.
    private static boolean isTurnOverUdp(ServerUri uri) {
        return uri.kind() == ServerUri.Kind.TURN && uri.transport() == ServerUri.Transport.UDP;
    }

    private static PeerPorts ports(Runnable wakeUp) {
        return new PeerPorts(
                new SplittableRandom(SECRETS.nextLong()),
                SECRETS,
                InstantSource.system(),
                BcDtls::endpoint,
                BcDtls.generateCertificate(),
                wakeUp);
    }

    public static PeerConnection create() {
        return create(PeerConfig.defaults());
    }

    /// @throws TransportException when no socket can be opened
    public static PeerConnection create(PeerConfig config) {
        PeerConnection connection = new PeerConnection(config);
        if (connection.openSockets() == 0) {
            connection.close();
            throw new TransportException(
                    TransportException.Code.NO_NETWORK,
                    "no UDP socket could be opened; check that a network interface is up, the addresses to bind, or"
                            + " that the shared port is open");
        }
        return connection;
    }

    private int openSockets() {
        SharedPort shared = config.sharedPort();
        if (shared != null) {
            return peer.share(shared.port());
        }
        return config.bindAddresses().isEmpty()
                ? peer.follow(config.localAddresses(), config.loopback())
                : peer.open(config.bindAddresses());
    }

    /// Does the slow first steps ahead of the first connection, in the background: connects this program with itself
    /// over the loopback a few times, on a thread of the least priority. Once per process; returns at once.
    public static void warmUp() {
        WarmUp.begin();
    }

    public DataChannel createDataChannel(String label) {
        return createDataChannel(label, DataChannelOptions.reliable());
    }

    /// Before the first offer or after it; messages can be sent once the channel is open.
    public DataChannel createDataChannel(String label, DataChannelOptions options) {
        return call((core, now) -> callbacks.openChannel(core, now, label, options));
    }

    /// Channels that the other side opens; set it before the descriptions are exchanged.
    public void onDataChannel(Consumer<DataChannel> callback) {
        callbacks.channelCallback = callback;
    }

    /// Adds video to send; takes effect with the next offer, or with the answer to an offer that wants to receive.
    ///
    /// @param name 1–64 letters, digits and `_ . + -`; the other side sees it
    /// @param codecs what can be encoded, most wanted first, at least one; which of them it is tells
    /// [VideoTrack#codec] as soon as the track may send
    public VideoTrack addVideoTrack(String name, VideoCodec... codecs) {
        if (!TRACK_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a track's name is 1 to 64 of A-Z a-z 0-9 _ . + -, not: " + name);
        }
        List<VideoCodec> wanted = Arrays.stream(codecs).distinct().toList();
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("a track is encoded in at least one format");
        }
        return call((core, now) -> callbacks.addTrack(core, name, wanted));
    }

    /// Adds sound to send, as [#addVideoTrack].
    public AudioTrack addAudioTrack(String name) {
        if (!TRACK_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a track's name is 1 to 64 of A-Z a-z 0-9 _ . + -, not: " + name);
        }
        return call((core, now) -> callbacks.addAudioTrack(core, name));
    }

    /// Which formats of video are taken, most wanted first; all of them, VP8 first, when this is never called. Offers
    /// name them in that order; an answer agrees to those of them that are offered.
    public void acceptVideo(VideoCodec... codecs) {
        List<Codec> wanted =
                Arrays.stream(codecs).map(VideoCodec::codec).distinct().toList();
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("at least one format has to be accepted");
        }
        call((core, now) -> {
            core.acceptVideo(wanted);
            return core;
        });
    }

    /// Asks the other side, in the next offer, for one video track more; an answer takes every track that is offered.
    public void receiveVideo() {
        call((core, now) -> {
            core.addReceiver(false);
            return core;
        });
    }

    /// Asks the other side, in the next offer, for one audio track more; an answer takes every track that is offered.
    public void receiveAudio() {
        call((core, now) -> {
            core.addReceiver(true);
            return core;
        });
    }

    /// Tracks that the other side sends; set it before the descriptions are exchanged.
    public void onVideoTrack(Consumer<RemoteVideoTrack> callback) {
        callbacks.trackCallback = callback;
    }

    /// Sound that the other side sends; set it before the descriptions are exchanged.
    public void onAudioTrack(Consumer<RemoteAudioTrack> callback) {
        callbacks.audioCallback = callback;
    }

    /// Candidates that are found after a description has been set, for [#addRemoteCandidate] of the other side; set it
    /// before the descriptions are made, which then do not wait for the candidates of ICE servers.
    public void onIceCandidate(Consumer<IceCandidate> callback) {
        callbacks.candidateCallback = callback;
    }

    /// Told when this machine has come to a network or left one. The connection follows by itself: it looks for paths
    /// from the new addresses, and gives up those from addresses that are gone. New candidates also come to
    /// [#onIceCandidate], even after the end: telling them helps where the other side's NAT keeps strangers out.
    /// Where nothing helps, [#restartIce] is what is left.
    public void onNetworkChange(Consumer<NetworkChange> callback) {
        callbacks.networkCallback = callback;
    }

    /// Makes the next offer an ICE restart: both sides look for a path anew, for instance after a change of network,
    /// while data and media go on along the present one. An offer of the other side can begin one as well; it needs
    /// no call here.
    public void restartIce() {
        call((core, now) -> {
            core.restartIce();
            return core;
        });
    }

    /// Writes an offer with all candidates in it, waiting up to 3 s for those of ICE servers; called in a callback,
    /// which must not wait, with those that are known. Changes nothing until it is set as the local description.
    public SessionDescription createOffer() {
        awaitCandidates();
        return SessionDescription.offer(call((core, now) -> core.createOffer()));
    }

    /// Writes the answer to the offer that was set as the remote description, with all candidates in it, as
    /// [#createOffer].
    public SessionDescription createAnswer() {
        awaitCandidates();
        return SessionDescription.answer(call((core, now) -> core.createAnswer()));
    }

    private void awaitCandidates() {
        if (!trickles() && !NettyPeer.inAnyLoop()) {
            peer.gathered().join();
        }
    }

    /// @param description what [#createOffer] or [#createAnswer] returned last, its text unchanged; an answer also as a
    ///     provisional one, or a rollback
    /// @throws IllegalStateException when no such description may come now, see [#signalingState]
    public void setLocalDescription(SessionDescription description) {
        call((core, now) -> {
            core.setLocalDescription(now, kind(description), description.sdp());
            return core;
        });
    }

    /// Takes a description of the other side. An offer that comes while one of this side stands takes that one back, as
    /// the polite one of two sides does it; the impolite one does not pass it on to here.
    ///
    /// @throws TransportException `BAD_DESCRIPTION` when it cannot be read or met; nothing has changed then
    /// @throws IllegalStateException when no such description may come now, see [#signalingState]
    public void setRemoteDescription(SessionDescription description) {
        call((core, now) -> {
            core.setRemoteDescription(now, kind(description), description.sdp());
            return core;
        });
    }

    /// Takes back the offer that stands, of whichever side it is: everything is as it was before it, and what it had
    /// asked for is in the next offer (RFC 9429 section 4.1.10.2).
    ///
    /// @throws IllegalStateException when none stands, or it has been answered provisionally
    public void rollback() {
        setLocalDescription(SessionDescription.rollback());
    }

    public SignalingState signalingState() {
        return call((core, now) -> SignalingState.of(core.signalingState()));
    }

    /// A candidate that came after the description, as its attribute is written (`candidate:…`); one that cannot be
    /// read is ignored.
    public void addRemoteCandidate(String candidate) {
        call((core, now) -> {
            core.addRemoteCandidate(now, candidate);
            return core;
        });
    }

    /// [#createOffer] and [#setLocalDescription] in one, without waiting.
    public CompletableFuture<SessionDescription> offerAsync() {
        return submitGathered((core, now) -> {
            String offer = core.createOffer();
            core.setLocalDescription(now, SdpKind.OFFER, offer);
            return SessionDescription.offer(offer);
        });
    }

    /// [#setRemoteDescription], [#createAnswer] and [#setLocalDescription] in one, without waiting.
    public CompletableFuture<SessionDescription> answerAsync(SessionDescription offer) {
        return submitGathered((core, now) -> {
            core.setRemoteDescription(now, kind(offer), offer.sdp());
            String answer = core.createAnswer();
            core.setLocalDescription(now, SdpKind.ANSWER, answer);
            return SessionDescription.answer(answer);
        });
    }

    /// Replaces the listener; when the state is no longer `NEW`, it is told the present one.
    public void onStateChange(StateListener listener) {
        onLoop(() -> callbacks.listen(listener));
    }

    public ConnectionState state() {
        return callbacks.state();
    }

    public ConnectionStats stats() {
        return call(
                (core, now) -> callbacks.stats(core, peer.networkStats(), peer.nameCounters(), peer.proxyFailures()));
    }

    /// Says goodbye to the other side and releases the sockets; returns at once. Closing twice does no harm.
    ///
    /// What data channels still hold gets a second to leave.
    @Override
    public void close() {
        change(PeerCore::close);
    }

    // --- for the classes beside it

    PeerConfig config() {
        return config;
    }

    /// Runs `task` on the loop: at once when called there, so that callbacks see what they set.
    void onLoop(Runnable task) {
        if (peer.inLoop()) {
            task.run();
        } else {
            peer.execute(task);
        }
    }

    /// Changes the core on the loop, without waiting.
    void change(ObjLongConsumer<PeerCore> change) {
        peer.post(change);
    }

    /// Follows the buffered amount of a channel. On the loop only.
    void watch(DataChannel channel) {
        callbacks.watch(channel);
    }

    private <T> T call(BiFunction<PeerCore, Long, T> change) {
        return peer.call(translated(change));
    }

    private <T> CompletableFuture<T> submitGathered(BiFunction<PeerCore, Long, T> change) {
        return trickles()
                ? peer.submit(translated(change))
                : peer.gathered().thenCompose(_ -> peer.submit(translated(change)));
    }

    private boolean trickles() {
        return callbacks.candidateCallback != null;
    }

    private static <T> BiFunction<PeerCore, Long, T> translated(BiFunction<PeerCore, Long, T> change) {
        return (core, now) -> {
            try {
                return change.apply(core, now);
            } catch (NegotiationException refused) {
                throw new TransportException(TransportException.Code.BAD_DESCRIPTION, refused.reason(), refused);
            }
        };
    }

    private static SdpKind kind(SessionDescription description) {
        return switch (description.type()) {
            case OFFER -> SdpKind.OFFER;
            case PRANSWER -> SdpKind.PRANSWER;
            case ANSWER -> SdpKind.ANSWER;
            case ROLLBACK -> SdpKind.ROLLBACK;
        };
    }
}
