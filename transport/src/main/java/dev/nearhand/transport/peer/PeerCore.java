package dev.nearhand.transport.peer;

import dev.nearhand.transport.datachannel.DataChannelConfig;
import dev.nearhand.transport.datachannel.DataChannels;
import dev.nearhand.transport.dns.DnsQuestion;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.turn.ServerCandidate;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One WebRTC connection: ICE finds a path, DTLS agrees on keys over it, media and data channels run under them.
///
/// Composes the protocol cores and nothing more: each child has its own `…Wiring`, the descriptions have [Negotiation].
/// The children overlap: DTLS begins on the first path that works, before one is nominated, and SCTP with the last
/// flight of DTLS. Owned by one thread, like every core.
public final class PeerCore implements ProtocolCore<PeerEvent> {
    private final IceWiring ice;
    private final Gathering gathering;
    private final DtlsWiring dtls;
    private final RtpWiring rtp;
    private final SctpWiring sctp;
    private final Negotiation negotiation;
    private final Exchange exchange;
    private final Lifecycle lifecycle;
    private final Intake intake;
    private final Outlet outlet;
    private final Reports reports;
    private final Deque<PeerEvent> events = new ArrayDeque<>();
    private final boolean relayOnly;
    private long lastNanos;

    public PeerCore(PeerCoreConfig config, PeerPorts ports) {
        String cname = Long.toHexString(ports.random().nextLong()); // RFC 7022: says nothing about the machine
        this.ice = new IceWiring(ports.random(), ports.secrets(), config.mdnsCandidates());
        this.gathering = new Gathering(config, ports.secrets());
        this.relayOnly = config.relayOnly();
        this.dtls = new DtlsWiring(ports.dtls().create(ports.certificate(), ports.wakeUp()));
        this.rtp = new RtpWiring(cname, ports.wallClock(), ports.random());
        this.sctp = new SctpWiring(config, ports.random(), ports.secrets());
        this.negotiation = new Negotiation(ports.random(), cname, config.bundlePolicy());
        this.intake = new Intake(gathering, ice, dtls, rtp, relayOnly);
        this.outlet = new Outlet(gathering, ice, dtls, rtp, sctp);
        this.lifecycle = new Lifecycle(ice, dtls, rtp, sctp, intake, events);
        Fingerprint fingerprint = ports.certificate().fingerprint();
        this.exchange = new Exchange(negotiation, ice, gathering, rtp, sctp, fingerprint, lifecycle);
        Reports.Children children = new Reports.Children(ice, gathering, dtls, rtp, sctp);
        this.reports = new Reports(children, exchange, negotiation, lifecycle, intake, outlet, events);
    }

    public PeerState state() {
        return lifecycle.state();
    }

    /// Where data goes now; null while there is no path, or no consent to use it.
    @Nullable
    Path path() {
        return ice.path();
    }

    // --- what this side wants

    /// A socket is open on `address`: it becomes a host candidate.
    ///
    /// @param preference 0–65535, higher is preferred (RFC 8445 section 5.1.2.1)
    public void addLocalAddress(long nowNanos, InetSocketAddress address, int preference) {
        enter(nowNanos);
        if (!relayOnly) {
            ice.addLocalCandidate(nowNanos, Candidate.host(address, preference));
            ice.addActiveTcp(nowNanos, address.getAddress(), preference);
        }
        gathering.addBase(nowNanos, address, preference);
    }

    /// The socket on `address` is closed, as the address is gone: so are the paths from there.
    public void removeLocalAddress(long nowNanos, InetSocketAddress address) {
        enter(nowNanos);
        gathering.removeBase(nowNanos, address);
        ice.removeLocalAddress(nowNanos, address);
        ice.removeTcp(nowNanos, address.getAddress());
        pump(nowNanos);
    }

    /// TCP connections are accepted at `address`, the frames of each told as datagrams along a path of its own: it
    /// becomes a passive candidate.
    ///
    /// @param preference as for [#addLocalAddress]
    public void addListeningAddress(long nowNanos, InetSocketAddress address, int preference) {
        enter(nowNanos);
        if (!relayOnly) {
            ice.addLocalCandidate(nowNanos, Candidate.tcpPassive(address, preference));
        }
        pump(nowNanos);
    }

    /// Whether the other side has proved that it is at the far end of a path.
    public boolean isKnownPath(Path along) {
        return ice.agent().isKnownPath(along);
    }

    /// The TCP connection of a path has ended.
    public void connectionLost(long nowNanos, Path along) {
        enter(nowNanos);
        ice.agent().connectionLost(nowNanos, along);
        pump(nowNanos);
    }

    /// Whether a description written now holds all candidates that are worth waiting for.
    public boolean isGathered() {
        return gathering.isComplete();
    }

    /// The user name fragments by which checks may call this side now, one or two; what shares a port goes by them.
    public List<String> localUfrags() {
        return ice.localUfrags();
    }

    /// Whether it is closed and has nothing more to say to any server: the sockets may go.
    public boolean isReleasable() {
        return lifecycle.isClosed() && gathering.relays().isOver();
    }

    /// Adds video or audio to send; it takes effect with the next exchange of descriptions.
    ///
    /// @param codecs what its owner can encode, most wanted first; at least one, all of one kind
    /// @return the handle of the track
    public int addTrack(String name, Codec... codecs) {
        lifecycle.requireOpen();
        return negotiation.media().addTrack(name, codecs).handle();
    }

    /// Ends a track of ours: nothing is sent for it from now on, and the other side learns it from the next exchange.
    ///
    /// @param both whether what the other side sends beside it, in the same section, ends too
    public void removeTrack(long nowNanos, int track, boolean both) {
        lifecycle.requireOpen();
        enter(nowNanos);
        exchange.removeTrack(track, both);
        pump(nowNanos);
    }

    /// Takes a track of the other side no more, and sends nothing in its section either; the other side learns it from
    /// the next exchange.
    public void stopRemoteTrack(long nowNanos, int remoteTrack) {
        lifecycle.requireOpen();
        enter(nowNanos);
        exchange.stopRemote(remoteTrack);
        pump(nowNanos);
    }

    /// Asks for one track more, of audio or of video, in the next offer.
    public void addReceiver(boolean audio) {
        lifecycle.requireOpen();
        negotiation.media().addReceiver(audio);
    }

    /// What video is taken, most wanted first.
    public void acceptVideo(List<Codec> codecs) {
        lifecycle.requireOpen();
        negotiation.media().acceptVideo(codecs);
    }

    public int openChannel(long nowNanos, DataChannelConfig channel) {
        lifecycle.requireOpen();
        enter(nowNanos);
        return sctp.channels().open(nowNanos, channel);
    }

    /// The largest data channel message that the other side takes, as its description says.
    public long remoteMaxMessageBytes() {
        return Section.maxMessageBytes(negotiation.agreedData());
    }

    /// The data channels of this connection; after a call that changes them the core is drained as after any other.
    public DataChannels channels() {
        return sctp.channels();
    }

    /// Sends a frame of a track of ours, unless the track may not send yet.
    public boolean sendFrame(long nowNanos, int track, ByteBuffer frame, long rtpTimestamp) {
        enter(nowNanos);
        return rtp.sendFrame(nowNanos, track, frame, rtpTimestamp, ice.path() != null);
    }

    /// All video together is never sent faster than that, in bits per second; nor is the path probed for more.
    public void sendAtMost(long bps) {
        rtp.session().sendAtMost(bps);
    }

    /// The tracks of the other side; after a call that asks something of them the core is drained as after any other.
    public RemoteTracks remoteTracks(long nowNanos) {
        enter(nowNanos);
        return rtp.remoteTracks();
    }

    // --- descriptions

    /// Begins ICE anew with the next offer; the path in use carries on until another one is found.
    public void restartIce() {
        lifecycle.requireOpen();
        negotiation.restartIce();
    }

    public SignalingState signalingState() {
        return negotiation.state();
    }

    public String createOffer() {
        lifecycle.requireOpen();
        return exchange.createOffer();
    }

    public String createAnswer() {
        lifecycle.requireOpen();
        return exchange.createAnswer();
    }

    /// @param sdp what was created last, unchanged; nothing for a [SdpKind#ROLLBACK]
    public void setLocalDescription(long nowNanos, SdpKind kind, String sdp) {
        lifecycle.requireOpen();
        enter(nowNanos);
        exchange.setLocal(nowNanos, kind, sdp);
        pump(nowNanos);
    }

    /// @throws NegotiationException when it cannot be read or cannot be met; nothing has changed then
    public void setRemoteDescription(long nowNanos, SdpKind kind, String sdp) {
        lifecycle.requireOpen();
        enter(nowNanos);
        exchange.setRemote(nowNanos, kind, sdp);
        pump(nowNanos);
    }

    /// A candidate that came after its description; what cannot be read is ignored.
    public void addRemoteCandidate(long nowNanos, String attribute) {
        lifecycle.requireOpen();
        enter(nowNanos);
        exchange.addRemoteCandidate(nowNanos, attribute);
    }

    /// The answer to [PeerEvent.ResolveServer].
    ///
    /// @param addresses the best first; none when the name has none
    public void serverResolved(long nowNanos, String hostName, List<InetAddress> addresses) {
        enter(nowNanos);
        gathering.resolved(nowNanos, hostName, addresses);
        pump(nowNanos);
    }

    /// The answer to [PeerEvent.ResolveService].
    ///
    /// @param records none when there are none, or when they cannot be had
    public void serviceResolved(long nowNanos, DnsQuestion question, List<DnsRecord> records) {
        enter(nowNanos);
        gathering.answered(nowNanos, question, records);
        pump(nowNanos);
    }

    /// One of the answers to [PeerEvent.DiscoverServers]: a server has announced itself on the local link.
    public void serverAnnounced(long nowNanos, ServerCandidate way) {
        enter(nowNanos);
        gathering.announced(nowNanos, way);
        pump(nowNanos);
    }

    /// One of the answers to [PeerEvent.DiscoverServers]: the domain that this host is in.
    public void domainKnown(long nowNanos, String name) {
        enter(nowNanos);
        gathering.ofDomain(nowNanos, name);
        pump(nowNanos);
    }

    /// The last answer to [PeerEvent.DiscoverServers].
    public void discoveryEnded(long nowNanos) {
        enter(nowNanos);
        gathering.discoveryEnded(nowNanos);
        pump(nowNanos);
    }

    /// The answer to [PeerEvent.OpenStream]: what travels along `path` from now on are whole messages on it.
    public void streamOpened(long nowNanos, int stream, Path along) {
        enter(nowNanos);
        gathering.streamOpened(nowNanos, stream, along);
        pump(nowNanos);
    }

    /// The other answer to [PeerEvent.OpenStream], or the end of a connection that was open.
    public void streamClosed(long nowNanos, int stream) {
        enter(nowNanos);
        gathering.streamClosed(nowNanos, stream);
        pump(nowNanos);
    }

    /// The answer to [PeerEvent.ResolveHost].
    public void addResolved(long nowNanos, String hostName, InetAddress address) {
        enter(nowNanos);
        ice.addResolved(nowNanos, hostName, address);
        pump(nowNanos);
    }

    // --- the contract of a core

    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path from) {
        enter(nowNanos);
        boolean isData = reports.isData(borrowed);
        intake.take(nowNanos, borrowed, from, lifecycle.isClosed());
        if (isData) {
            reports.pumpDtls(nowNanos); // the rest is asked for with the next event
        } else {
            pump(nowNanos);
        }
    }

    /// A child that lives partly on another thread has something to say.
    public void handleWakeUp(long nowNanos) {
        enter(nowNanos);
        pump(nowNanos);
    }

    @Override
    public void handleTimeout(long nowNanos) {
        enter(nowNanos);
        if (nowNanos >= gathering.nextTimeoutNanos()) {
            gathering.handleTimeout(nowNanos);
        }
        ice.agent().handleTimeout(nowNanos);
        dtls.handleTimeout(nowNanos);
        rtp.session().handleTimeout(nowNanos);
        if (ice.path() != null) {
            sctp.channels().handleTimeout(nowNanos); // what cannot be sent has not failed to arrive
        }
        lifecycle.handleTimeout(nowNanos);
        pump(nowNanos);
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        enter(nowNanos);
        return outlet.poll(nowNanos, into, lifecycle.isClosed());
    }

    @Override
    public @Nullable PeerEvent pollEvent() {
        PeerEvent event = events.poll();
        if (event == null) {
            pump(lastNanos);
            event = events.poll();
        }
        return event;
    }

    @Override
    public long nextTimeoutNanos() {
        if (lifecycle.isClosed()) {
            return gathering.nextTimeoutNanos();
        }
        long next = Math.min(lifecycle.nextTimeoutNanos(), ice.agent().nextTimeoutNanos());
        next = Math.min(next, gathering.nextTimeoutNanos());
        if (lifecycle.state() == PeerState.FAILED) {
            return next;
        }
        next = Math.min(next, dtls.nextTimeoutNanos());
        if (ice.path() == null) {
            return next; // what cannot be sent must not ask again and again to be sent; a new path is an ICE event
        }
        next = Math.min(next, rtp.session().nextTimeoutNanos());
        return Math.min(next, sctp.channels().nextTimeoutNanos());
    }

    private void enter(long nowNanos) {
        lastNanos = nowNanos;
    }

    private void pump(long nowNanos) {
        reports.pump(nowNanos);
    }

    // --- the end

    /// Says goodbye: RTCP BYE, then what the data channels still hold and their shutdown, then DTLS's close_notify.
    /// Takes at most a second; the state is `CLOSED` after it.
    public void close(long nowNanos) {
        enter(nowNanos);
        if (lifecycle.state() != PeerState.CLOSED && lifecycle.state() != PeerState.CLOSING) {
            gathering.end();
            lifecycle.close(nowNanos);
            pump(nowNanos);
        }
    }

    // --- figures

    public PeerStats stats() {
        PeerStats.Counters counters = new PeerStats.Counters();
        intake.count(counters);
        dtls.count(counters);
        gathering.count(counters);
        ice.count(counters);
        rtp.count(counters);
        sctp.count(counters);
        return new PeerStats(
                lifecycle.connectNanos(),
                ice.agent().stats().roundTripNanos(),
                ice.agent().stats().path(),
                counters.sorted());
    }
}
