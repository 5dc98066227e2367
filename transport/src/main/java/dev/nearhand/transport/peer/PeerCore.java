package dev.nearhand.transport.peer;

import dev.nearhand.transport.datachannel.DataChannelConfig;
import dev.nearhand.transport.datachannel.DataChannelEvent;
import dev.nearhand.transport.datachannel.DataChannels;
import dev.nearhand.transport.dtls.DtlsEvent;
import dev.nearhand.transport.dtls.DtlsRole;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceEvent;
import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.sdp.Setup;
import dev.nearhand.transport.time.TimerTable;
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
    private enum Timer {
        /// How long the other side may take to agree to the end.
        CLOSE,
        /// How long ICE and DTLS may take together once both descriptions are known.
        CONNECT
    }

    private static final long CLOSE_LIMIT_NANOS = 1_000_000_000L;
    private static final long CONNECT_LIMIT_NANOS = 60_000_000_000L;

    private final PeerPorts ports;
    private final IceWiring ice;
    private final Gathering gathering;
    private final DtlsWiring dtls;
    private final RtpWiring rtp;
    private final SctpWiring sctp;
    private final Negotiation negotiation;
    private final Trickle trickle = new Trickle();
    private final Intake intake;
    private final TimerTable<Timer> timers = new TimerTable<>(Timer.class);
    private final Deque<PeerEvent> events = new ArrayDeque<>();
    private PeerState state = PeerState.NEW;
    private long lastNanos;
    private long connectBeganNanos = TimerTable.NEVER;
    private long connectedNanos = TimerTable.NEVER;
    private final boolean relayOnly;
    private boolean iceConnected;
    private @Nullable Path path;

    public PeerCore(PeerCoreConfig config, PeerPorts ports) {
        this.ports = ports;
        String cname = Long.toHexString(ports.random().nextLong()); // RFC 7022: says nothing about the machine
        this.ice = new IceWiring(ports.random(), ports.secrets());
        this.gathering = new Gathering(config, ports.secrets());
        this.relayOnly = config.relayOnly();
        this.dtls = new DtlsWiring(ports.dtls().create(ports.certificate(), ports.wakeUp()));
        this.rtp = new RtpWiring(cname, ports.wallClock(), ports.random());
        this.sctp = new SctpWiring(config, ports.random(), ports.secrets());
        this.negotiation = new Negotiation(ports.random(), cname);
        this.intake = new Intake(gathering, ice, dtls, rtp, relayOnly);
    }

    public PeerState state() {
        return state;
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
        }
        gathering.addBase(nowNanos, address, preference);
    }

    /// Whether a description written now holds all candidates that are worth waiting for.
    public boolean isGathered() {
        return gathering.isComplete();
    }

    /// Whether it is closed and has nothing more to say to any server: the sockets may go.
    public boolean isReleasable() {
        return state == PeerState.CLOSED && gathering.relays().isOver();
    }

    /// Adds video or audio to send; it takes effect with the next exchange of descriptions.
    ///
    /// @return the handle of the track
    public int addTrack(String name, Codec codec) {
        requireOpen();
        return negotiation.media().addTrack(name, codec).handle();
    }

    /// Asks for one track more, of audio or of video, in the next offer.
    public void addReceiver(boolean audio) {
        requireOpen();
        negotiation.media().addReceiver(audio);
    }

    /// What video is taken, most wanted first.
    public void acceptVideo(List<Codec> codecs) {
        requireOpen();
        negotiation.media().acceptVideo(codecs);
    }

    public int openChannel(long nowNanos, DataChannelConfig channel) {
        requireOpen();
        enter(nowNanos);
        return sctp.channels().open(nowNanos, channel);
    }

    /// The largest data channel message that the other side takes, as its description says.
    public long remoteMaxMessageBytes() {
        Section data = negotiation.agreedData();
        return data == null || data.remote == null ? Long.MAX_VALUE : data.remote.maxMessageBytes();
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

    public void requestKeyframe(long nowNanos, int remoteTrack) {
        enter(nowNanos);
        rtp.requestKeyframe(nowNanos, remoteTrack);
    }

    // --- descriptions

    /// Begins ICE anew with the next offer; the path in use carries on until another one is found.
    public void restartIce() {
        requireOpen();
        negotiation.restartIce();
    }

    public String createOffer() {
        requireOpen();
        return negotiation.createOffer(localTransport());
    }

    public String createAnswer() {
        requireOpen();
        return negotiation.createAnswer(localTransport());
    }

    private LocalTransport localTransport() {
        trickle.described(ice.localCandidates().size(), gathering.isComplete());
        return new LocalTransport(
                negotiation.nextNeedsCredentials() ? ice.nextCredentials() : ice.localCredentials(),
                ice.localCandidates(),
                gathering.isComplete(),
                ports.certificate().fingerprint(),
                sctp.localPort(),
                sctp.maxReceiveMessageBytes(),
                sctp.localInit());
    }

    public void setLocalDescription(long nowNanos, SdpKind kind, String sdp) {
        requireOpen();
        enter(nowNanos);
        negotiation.setLocal(kind, sdp);
        trickle.set();
        if (kind == SdpKind.OFFER) {
            ice.setRole(true);
        }
        applyAgreement(nowNanos);
        pump(nowNanos);
    }

    /// @throws NegotiationException when it cannot be read or cannot be met; nothing has changed then
    public void setRemoteDescription(long nowNanos, SdpKind kind, String sdp) {
        requireOpen();
        enter(nowNanos);
        RemoteDescription description = DescriptionReader.read(sdp);
        negotiation.setRemote(kind, description);
        if (kind == SdpKind.OFFER) {
            ice.setRole(description.iceLite());
        }
        applyAgreement(nowNanos);
    }

    /// A candidate that came after its description; what cannot be read is ignored.
    public void addRemoteCandidate(long nowNanos, String attribute) {
        requireOpen();
        enter(nowNanos);
        Candidate candidate = Candidate.parse(attribute);
        if (candidate != null && negotiation.isRestarting()) {
            ice.addRemoteBeforeRestart(nowNanos, candidate);
        } else if (candidate != null) {
            ice.addRemote(nowNanos, candidate);
        }
    }

    /// The answer to [PeerEvent.ResolveServer].
    ///
    /// @param addresses the best first; none when the name has none
    public void serverResolved(long nowNanos, String hostName, List<InetAddress> addresses) {
        enter(nowNanos);
        gathering.resolved(nowNanos, hostName, addresses);
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

    private void applyAgreement(long nowNanos) {
        if (negotiation.state() != Negotiation.State.STABLE) {
            return;
        }
        RemoteTransport transport = negotiation.remoteTransport();
        if (transport == null) {
            return; // nothing in common: no transport to connect
        }
        if (connectBeganNanos == TimerTable.NEVER) {
            connectBeganNanos = nowNanos;
            timers.set(Timer.CONNECT, nowNanos + CONNECT_LIMIT_NANOS);
            setState(PeerState.CONNECTING, "both descriptions are known");
        }
        ice.apply(nowNanos, transport, negotiation.weOffered() || transport.iceLite());
        rtp.apply(negotiation.sections());
        pump(nowNanos);
    }

    // --- the contract of a core

    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path from) {
        enter(nowNanos);
        intake.take(nowNanos, borrowed, from, state == PeerState.CLOSED);
        pump(nowNanos);
    }

    /// A child that lives partly on another thread has something to say.
    public void handleWakeUp(long nowNanos) {
        enter(nowNanos);
        pump(nowNanos);
    }

    @Override
    public void handleTimeout(long nowNanos) {
        enter(nowNanos);
        gathering.handleTimeout(nowNanos);
        ice.agent().handleTimeout(nowNanos);
        dtls.handleTimeout(nowNanos);
        rtp.session().handleTimeout(nowNanos);
        sctp.channels().handleTimeout(nowNanos);
        for (Timer due = timers.pollDue(nowNanos); due != null; due = timers.pollDue(nowNanos)) {
            switch (due) {
                case CLOSE -> end(nowNanos, "closed; the other side did not confirm it in time");
                case CONNECT -> {
                    if (state != PeerState.CONNECTED) {
                        fail(nowNanos, "no connection came about within a minute");
                    }
                }
            }
        }
        pump(nowNanos);
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        enter(nowNanos);
        int start = into.position();
        Transmit own = state == PeerState.CLOSED ? null : gathering.pollTransmit(nowNanos, into);
        if (own != null) {
            return own;
        }
        for (Transmit next = pollPlain(nowNanos, into); next != null; next = pollPlain(nowNanos, into)) {
            Transmit wrapped = gathering.relays().wrap(nowNanos, next, into, start);
            if (wrapped != null) {
                return wrapped;
            }
        }
        if (state == PeerState.CLOSED) {
            gathering.close(nowNanos); // after the goodbyes, which may need a relay
        }
        return gathering.pollTransmit(nowNanos, into); // what wrapping has called for
    }

    /// What the children send, as if every local address of a pair were one of this host.
    private @Nullable Transmit pollPlain(long nowNanos, ByteBuffer into) {
        Transmit check = ice.pollTransmit(nowNanos, into);
        if (check != null) {
            return check;
        }
        // without consent nothing is sent (RFC 7675 section 5.1), except the goodbye of a connection that has it
        Path to = state == PeerState.CLOSED ? path : ice.path();
        if (to == null) {
            return null;
        }
        int start = into.position();
        if (dtls.isStarted() && dtls.pollTransmit(into)) {
            return new Transmit(to, into.position() - start);
        }
        int media = rtp.pollTransmit(nowNanos, into);
        if (media > 0) {
            return new Transmit(to, media);
        }
        if (dtls.isConnected()) {
            ByteBuffer packet = sctp.pollPacket(nowNanos);
            if (packet != null) {
                dtls.send(packet);
                if (dtls.pollTransmit(into)) {
                    return new Transmit(to, into.position() - start);
                }
            }
        }
        return null;
    }

    @Override
    public @Nullable PeerEvent pollEvent() {
        pump(lastNanos);
        return events.poll();
    }

    @Override
    public long nextTimeoutNanos() {
        if (state == PeerState.CLOSED) {
            return gathering.nextTimeoutNanos();
        }
        long next = Math.min(timers.nextNanos(), ice.agent().nextTimeoutNanos());
        next = Math.min(next, gathering.nextTimeoutNanos());
        if (state == PeerState.FAILED) {
            return next;
        }
        next = Math.min(next, dtls.nextTimeoutNanos());
        // what cannot be sent must not ask again and again to be sent; a new path comes with an ICE event
        return ice.path() == null
                ? next
                : Math.min(
                        next,
                        Math.min(
                                rtp.session().nextTimeoutNanos(),
                                sctp.channels().nextTimeoutNanos()));
    }

    // --- what the children report

    private void enter(long nowNanos) {
        lastNanos = nowNanos;
    }

    private void pump(long nowNanos) {
        pumpIce(nowNanos);
        startDtls(nowNanos);
        for (DtlsEvent event = dtls.pollEvent(); event != null; event = dtls.pollEvent()) {
            onDtls(nowNanos, event);
        }
        startSctp(nowNanos);
        pumpRtp();
        for (DataChannelEvent event = sctp.pollEvent(); event != null; event = sctp.pollEvent()) {
            events.add(new PeerEvent.Channel(event));
            if (event instanceof DataChannelEvent.AssociationClosed ended) {
                onAssociationClosed(nowNanos, ended);
            }
        }
        assert isConsistent();
    }

    private void pumpRtp() {
        rtp.pumpEvents();
        for (PeerEvent event = rtp.pollEvent(); event != null; event = rtp.pollEvent()) {
            events.add(event);
        }
    }

    private void pumpIce(long nowNanos) {
        for (Candidate own = gathering.pollCandidate(); own != null; own = gathering.pollCandidate()) {
            ice.addLocalCandidate(nowNanos, own);
        }
        if (state != PeerState.CLOSED) {
            trickle.pump(
                    ice.localCandidates(),
                    gathering.isComplete(),
                    candidate -> events.add(new PeerEvent.LocalCandidate(candidate, negotiation.firstMid())));
        }
        for (InetAddress peer = ice.pollNewPeer(); peer != null; peer = ice.pollNewPeer()) {
            gathering.relays().permit(nowNanos, peer);
        }
        for (IceEvent event = ice.pollEvent(); event != null; event = ice.pollEvent()) {
            if (event instanceof IceEvent.StateChanged change) {
                onIceState(nowNanos, change);
            } else if (event instanceof IceEvent.PathSelected(Path selected)) {
                gathering.relays().onPathSelected(nowNanos, selected);
            }
        }
        if (state != PeerState.CLOSED) {
            path = ice.path();
        }
        for (String host = ice.pollHostName(); host != null; host = ice.pollHostName()) {
            events.add(new PeerEvent.ResolveHost(host));
        }
        for (String host = gathering.pollHostName(); host != null; host = gathering.pollHostName()) {
            events.add(new PeerEvent.ResolveServer(host));
        }
        for (PeerEvent stream = gathering.pollStream(); stream != null; stream = gathering.pollStream()) {
            events.add(stream);
        }
    }

    private void onIceState(long nowNanos, IceEvent.StateChanged change) {
        switch (change.to()) {
            case CONNECTED, COMPLETED -> {
                iceConnected = true;
                becomeConnected(nowNanos, "ICE: " + change.reason());
            }
            case DISCONNECTED -> {
                iceConnected = false;
                if (state == PeerState.CONNECTED || state == PeerState.CONNECTING) {
                    setState(PeerState.DISCONNECTED, change.reason());
                }
            }
            case FAILED -> {
                iceConnected = false;
                fail(nowNanos, change.reason());
            }
            case NEW, CHECKING, CLOSED -> {}
        }
    }

    private void startDtls(long nowNanos) {
        RemoteTransport remote = negotiation.remoteTransport();
        Setup setup = negotiation.localSetup();
        if (dtls.isStarted() || remote == null || setup == null || state == PeerState.NEW) {
            return;
        }
        boolean client = setup == Setup.ACTIVE;
        if (client && path == null) {
            return; // its first flight would only wait, and be repeated, for a way out
        }
        dtls.start(client ? DtlsRole.CLIENT : DtlsRole.SERVER, remote.fingerprint());
        intake.replayEarly(nowNanos);
    }

    private void onDtls(long nowNanos, DtlsEvent event) {
        switch (event) {
            case DtlsEvent.Connected connected -> {
                if (connected.keys() != null) {
                    rtp.setKeys(connected.keys(), negotiation.localSetup() == Setup.ACTIVE);
                    intake.replayEarly(nowNanos);
                    pumpRtp(); // tracks send before the connection calls itself connected
                }
                becomeConnected(nowNanos, "DTLS: keys are agreed");
            }
            case DtlsEvent.ApplicationData(ByteBuffer packet) -> {
                startSctp(nowNanos);
                if (sctp.isStarted()) {
                    sctp.handlePacket(nowNanos, packet);
                }
            }
            case DtlsEvent.Failed(String reason) -> fail(nowNanos, reason);
            case DtlsEvent.Closed _ -> end(nowNanos, "the other side closed the connection");
        }
    }

    private void startSctp(long nowNanos) {
        Section data = negotiation.agreedData();
        if (sctp.isStarted() || !dtls.isConnected() || data == null || data.remote == null) {
            return;
        }
        sctp.start(
                nowNanos,
                data.remote.sctpPort(),
                data.remote.maxMessageBytes(),
                data.remote.sctpInit(),
                negotiation.localSetup() == Setup.ACTIVE);
    }

    private void becomeConnected(long nowNanos, String reason) {
        if (!iceConnected
                || !dtls.isConnected()
                || (state != PeerState.CONNECTING && state != PeerState.DISCONNECTED)) {
            return;
        }
        if (connectedNanos == TimerTable.NEVER) {
            connectedNanos = nowNanos;
        }
        timers.clear(Timer.CONNECT);
        setState(PeerState.CONNECTED, reason);
    }

    /// Programs end their association only together with the connection, and not all of them say goodbye in DTLS too.
    private void onAssociationClosed(long nowNanos, DataChannelEvent.AssociationClosed ended) {
        end(nowNanos, state == PeerState.CLOSING ? "closed" : "the data channels ended: " + ended.reason());
    }

    // --- the end

    /// Says goodbye: RTCP BYE, then what the data channels still hold and their shutdown, then DTLS's close_notify.
    /// Takes at most a second; the state is `CLOSED` after it.
    public void close(long nowNanos) {
        enter(nowNanos);
        if (state == PeerState.CLOSED || state == PeerState.CLOSING) {
            return;
        }
        rtp.session().close(); // RTCP BYE
        if (state == PeerState.CONNECTED && sctp.isStarted() && !sctp.isOver()) {
            setState(PeerState.CLOSING, "closed by this side");
            timers.set(Timer.CLOSE, nowNanos + CLOSE_LIMIT_NANOS);
            sctp.channels().shutdown(nowNanos);
        } else {
            end(nowNanos, "closed by this side");
        }
        pump(nowNanos);
    }

    private void fail(long nowNanos, String reason) {
        if (state == PeerState.CLOSING) {
            end(nowNanos, reason);
        } else if (state != PeerState.CLOSED && state != PeerState.FAILED) {
            setState(PeerState.FAILED, reason);
            timers.clearAll();
            endChannels(nowNanos, reason);
        }
    }

    private void end(long nowNanos, String reason) {
        if (state == PeerState.CLOSED) {
            return;
        }
        PeerState before = state;
        state = PeerState.CLOSED; // first, because the children report their own end while this goes on
        timers.clearAll();
        intake.forgetEarly();
        endChannels(nowNanos, reason);
        rtp.endTracks();
        pumpRtp();
        rtp.session().close();
        for (ByteBuffer last = sctp.pollPacket(nowNanos); last != null; last = sctp.pollPacket(nowNanos)) {
            dtls.send(last); // the end of the association goes before the end of DTLS
        }
        dtls.close();
        ice.agent().close(nowNanos);
        assert before.mayBecome(PeerState.CLOSED) : before + " -> CLOSED";
        events.add(new PeerEvent.StateChanged(PeerState.CLOSED, reason));
    }

    private void endChannels(long nowNanos, String reason) {
        if (!sctp.isOver()) {
            sctp.channels().abort(nowNanos, reason);
        }
        for (DataChannelEvent event = sctp.pollEvent(); event != null; event = sctp.pollEvent()) {
            events.add(new PeerEvent.Channel(event));
        }
    }

    private void setState(PeerState next, String reason) {
        assert state.mayBecome(next) : state + " -> " + next + ": " + reason;
        state = next;
        events.add(new PeerEvent.StateChanged(next, reason));
    }

    private boolean isConsistent() {
        boolean closing = timers.isRunning(Timer.CLOSE) == (state == PeerState.CLOSING);
        boolean connecting = !timers.isRunning(Timer.CONNECT)
                || state == PeerState.CONNECTING
                || state == PeerState.DISCONNECTED
                || state == PeerState.CLOSING;
        boolean connected = state != PeerState.CONNECTED || dtls.isConnected();
        return closing && connecting && connected;
    }

    private void requireOpen() {
        if (state == PeerState.CLOSED || state == PeerState.CLOSING) {
            throw new IllegalStateException("the connection is closed");
        }
    }

    // --- figures

    public PeerStats stats() {
        long took = connectedNanos == TimerTable.NEVER ? 0 : connectedNanos - connectBeganNanos;
        PeerStats.Counters counters = new PeerStats.Counters();
        intake.count(counters);
        counters.put("dropped.afterDtlsEnd", dtls.droppedAfterEnd());
        gathering.count(counters);
        ice.count(counters);
        rtp.count(counters);
        sctp.count(counters);
        return new PeerStats(
                took, ice.agent().stats().roundTripNanos(), ice.agent().stats().path(), counters.sorted());
    }
}
