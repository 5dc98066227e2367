package dev.nearhand.transport.peer;

import dev.nearhand.transport.datachannel.DataChannelConfig;
import dev.nearhand.transport.datachannel.DataChannelEvent;
import dev.nearhand.transport.dtls.FakeDtlsEndpoint;
import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimNat;
import dev.nearhand.transport.sim.SimNode;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.wire.ProtocolCore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A whole peer connection in the simulated world, with a program on top that opens channels, echoes and films.
final class SimPeer {
    private static final int PORT = 5_000;
    private static final int TCP_PORT = 6_000;
    static final double FRAME_MILLIS = 33;

    final SimWorld world;
    final PeerCore core;
    final SimNode<PeerEvent> node;
    final List<String> heard = new ArrayList<>();
    final List<PeerEvent.Frame> frames = new ArrayList<>();
    final List<PeerState> states = new ArrayList<>();
    final Map<Integer, String> labels = new HashMap<>();
    /// Tracks of the other side that have not ended.
    final Map<Integer, String> remoteTracks = new HashMap<>();
    /// Tracks of this side that may send.
    final Set<Integer> sending = new HashSet<>();
    /// Those that were told by themselves; an empty one is the end.
    final List<String> candidates = new ArrayList<>();
    /// Names of the local link that this peer answers for.
    final Map<String, InetAddress> published = new HashMap<>();
    boolean associationClosed;
    /// Told of each event after this peer itself.
    Consumer<PeerEvent> listener = _ -> {};
    private List<ByteBuffer> film = List.of();
    private int filmed;
    private long targetBps;
    boolean keyframeWanted;
    private int toSay;
    private boolean echoes;
    private Consumer<String> trickle = _ -> {};

    SimPeer(SimWorld world, SimHost host) {
        this(world, host, core -> core);
    }

    /// @param wrapper what stands between the world and the core
    SimPeer(SimWorld world, SimHost host, Function<PeerCore, ProtocolCore<PeerEvent>> wrapper) {
        this(world, host, wrapper, List.of(), false);
    }

    /// @param servers asked for candidates
    SimPeer(
            SimWorld world,
            SimHost host,
            Function<PeerCore, ProtocolCore<PeerEvent>> wrapper,
            List<IceServer> servers,
            boolean relayOnly) {
        this(world, host, wrapper, new PeerCoreConfig(1 << 20, 4 << 20, servers, relayOnly));
    }

    SimPeer(SimWorld world, SimHost host, PeerCoreConfig config) {
        this(world, host, core -> core, config);
    }

    private SimPeer(
            SimWorld world, SimHost host, Function<PeerCore, ProtocolCore<PeerEvent>> wrapper, PeerCoreConfig config) {
        this.world = world;
        RandomGenerator seeds = world.random();
        this.core = new PeerCore(
                config,
                new PeerPorts(
                        new SplittableRandom(seeds.nextLong()),
                        new SplittableRandom(seeds.nextLong()),
                        () -> Instant.ofEpochSecond(1_700_000_000).plusNanos(world.now()),
                        FakeDtlsEndpoint::create,
                        new FakeDtlsEndpoint.FakeCertificate(host.name()),
                        () -> {}));
        this.node = host.start(PORT, wrapper.apply(core), this::onEvent);
        host.connects(node, path -> node.run(now -> core.connectionLost(now, path)));
        int preference = 65_535;
        for (InetSocketAddress address : host.allAt(PORT)) {
            int next = preference--;
            node.run(now -> core.addLocalAddress(now, address, next));
        }
    }

    /// Accepts TCP connections at its addresses.
    SimPeer listens() {
        node.host().listens(TCP_PORT);
        int preference = 65_535;
        for (InetSocketAddress address : node.host().allAt(TCP_PORT)) {
            int next = preference--;
            node.run(now -> core.addListeningAddress(now, address, next));
        }
        return this;
    }

    /// Opens a channel and says `count` messages once it is open.
    SimPeer says(int count) {
        toSay = count;
        node.run(now -> core.openChannel(now, DataChannelConfig.reliable("talk")));
        return this;
    }

    SimPeer echoing() {
        echoes = true;
        return this;
    }

    /// Sends each frame once, 33 ms apart, from the moment that the track may send.
    SimPeer films(List<ByteBuffer> frames) {
        film = frames;
        node.run(_ -> core.addTrack("film", Codec.VP8));
        return this;
    }

    /// The exchange of descriptions, which takes its own way and time.
    static void negotiate(SimPeer offerer, SimPeer answerer, double signalingMillis) {
        String[] text = new String[1];
        offerer.node.run(now -> {
            text[0] = offerer.core.createOffer();
            offerer.core.setLocalDescription(now, SdpKind.OFFER, text[0]);
        });
        offerer.world.afterMillis(signalingMillis, () -> {
            if (answerer.isOver()) {
                return;
            }
            answerer.node.run(now -> {
                answerer.core.setRemoteDescription(now, SdpKind.OFFER, text[0]);
                text[0] = answerer.core.createAnswer();
                answerer.core.setLocalDescription(now, SdpKind.ANSWER, text[0]);
            });
            offerer.world.afterMillis(signalingMillis, () -> {
                if (!offerer.isOver()) {
                    offerer.node.run(now -> offerer.core.setRemoteDescription(now, SdpKind.ANSWER, text[0]));
                }
            });
        });
    }

    /// The machine leaves its network for another one, or for none, and tells its core `afterMillis` later.
    ///
    /// @param to its addresses there
    void roams(@Nullable SimNat behind, double afterMillis, InetAddress... to) {
        List<InetSocketAddress> before = node.host().allAt(PORT);
        node.host().move(PORT, node, behind, to);
        List<InetSocketAddress> now = node.host().allAt(PORT);
        world.afterMillis(
                afterMillis,
                () -> node.run(at -> {
                    now.forEach(address -> core.addLocalAddress(at, address, 65_535 - now.indexOf(address)));
                    before.forEach(address -> core.removeLocalAddress(at, address));
                }));
    }

    /// Has candidates that are found from now on told to another peer, by a way of their own.
    void trickles(SimPeer to, double signalingMillis) {
        trickle = attribute -> world.afterMillis(
                signalingMillis, () -> to.node.run(now -> to.core.addRemoteCandidate(now, attribute)));
    }

    boolean isOver() {
        return core.state() == PeerState.CLOSING || core.state() == PeerState.CLOSED;
    }

    boolean isConnected() {
        return core.state() == PeerState.CONNECTED;
    }

    private void onEvent(PeerEvent event) {
        switch (event) {
            case PeerEvent.StateChanged change -> states.add(change.state());
            case PeerEvent.Channel(DataChannelEvent about) -> onChannel(about);
            case PeerEvent.Frame frame -> frames.add(frame);
            case PeerEvent.SendingChanged change -> {
                if (change.sending() && sending.add(change.sender())) {
                    filmNext();
                } else if (!change.sending()) {
                    sending.remove(change.sender());
                }
            }
            case PeerEvent.KeyframeRequested _ -> keyframeWanted = true;
            case PeerEvent.TargetBitrate(int _, long bps) -> targetBps = bps;
            case PeerEvent.LocalCandidate(String attribute, String _) -> {
                candidates.add(attribute);
                trickle.accept(attribute);
            }
            case PeerEvent.TrackAdded added -> remoteTracks.put(added.track(), added.name());
            case PeerEvent.TrackEnded gone -> remoteTracks.remove(gone.track());
            case PeerEvent.ResolveHost _,
                    PeerEvent.ResolveServer _,
                    PeerEvent.ResolveService _,
                    PeerEvent.DiscoverServers _,
                    PeerEvent.OpenStream _ -> {}
            case PeerEvent.PublishHost(String hostName, InetAddress address) -> published.put(hostName, address);
            case PeerEvent.WithdrawHost(String hostName) -> published.remove(hostName);
        }
        listener.accept(event);
    }

    private void onChannel(DataChannelEvent event) {
        switch (event) {
            case DataChannelEvent.Opened opened -> {
                labels.put(opened.channel(), opened.config().label());
                if (!opened.remote()) {
                    node.run(now -> {
                        for (int i = 0; i < toSay; i++) {
                            core.channels().sendText(now, opened.channel(), message(i));
                        }
                    });
                }
            }
            case DataChannelEvent.Message message -> {
                String text = StandardCharsets.UTF_8
                        .decode(message.data().duplicate())
                        .toString();
                heard.add(text);
                if (echoes) {
                    node.run(now -> core.channels().sendText(now, message.channel(), text));
                }
            }
            case DataChannelEvent.AssociationClosed _ -> associationClosed = true;
            case DataChannelEvent.Closed _,
                    DataChannelEvent.Closing _,
                    DataChannelEvent.BufferedAmountLow _,
                    DataChannelEvent.SendBufferAvailable _,
                    DataChannelEvent.AssociationEstablished _ -> {}
        }
    }

    /// Of many lengths: some fill one packet, some take several.
    static String message(int index) {
        return index + ":" + "x".repeat(index * 397 % 5_000);
    }

    /// The key frame of the second that a frame belongs to, shown instead of it when one is asked for.
    static int keyframe(int index) {
        return index / 30 * 30;
    }

    private void filmNext() {
        if (filmed == film.size()) {
            return;
        }
        int index = filmed++;
        int shown = keyframeWanted ? keyframe(index) : index;
        keyframeWanted = false;
        node.run(now -> core.sendFrame(now, 0, film.get(shown).duplicate(), index * 3_000L));
        world.afterMillis(FRAME_MILLIS, this::filmNext);
    }
}
