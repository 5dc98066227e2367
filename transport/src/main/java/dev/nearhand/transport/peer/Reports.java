package dev.nearhand.transport.peer;

import dev.nearhand.transport.datachannel.DataChannelEvent;
import dev.nearhand.transport.dtls.DtlsEvent;
import dev.nearhand.transport.dtls.DtlsRole;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceEvent;
import dev.nearhand.transport.ice.IceState;
import dev.nearhand.transport.sdp.Setup;
import dev.nearhand.transport.wire.Path;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Deque;

/// What the children of a connection report, and what follows from it for the others.
final class Reports {
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
    private final Deque<PeerEvent> events;

    /// The protocol cores of a connection.
    record Children(IceWiring ice, Gathering gathering, DtlsWiring dtls, RtpWiring rtp, SctpWiring sctp) {}

    Reports(
            Children children,
            Exchange exchange,
            Negotiation negotiation,
            Lifecycle lifecycle,
            Intake intake,
            Outlet outlet,
            Deque<PeerEvent> events) {
        this.ice = children.ice();
        this.gathering = children.gathering();
        this.dtls = children.dtls();
        this.rtp = children.rtp();
        this.sctp = children.sctp();
        this.negotiation = negotiation;
        this.exchange = exchange;
        this.lifecycle = lifecycle;
        this.intake = intake;
        this.outlet = outlet;
        this.events = events;
    }

    /// Takes all reports there are; what a connection has to tell goes to its events.
    void pump(long nowNanos) {
        pumpIce(nowNanos);
        startDtls(nowNanos);
        pumpDtls(nowNanos);
        startSctp(nowNanos);
        rtp.pumpTo(nowNanos, events);
        for (DataChannelEvent event = sctp.pollEvent(); event != null; event = sctp.pollEvent()) {
            events.add(new PeerEvent.Channel(event));
            if (event instanceof DataChannelEvent.AssociationClosed ended) {
                lifecycle.onAssociationClosed(nowNanos, ended);
            }
        }
        assert lifecycle.isConsistent();
    }

    /// Whether a datagram is a record of a connection whose data channels stand: most of what comes, and nothing that
    /// anybody but DTLS and SCTP has to look at right away.
    boolean isData(ByteBuffer datagram) {
        return sctp.isStarted() && dtls.isConnected() && Demux.classify(datagram) == Demux.Protocol.DTLS;
    }

    /// Takes the reports of DTLS alone.
    void pumpDtls(long nowNanos) {
        for (DtlsEvent event = dtls.pollEvent(); event != null; event = dtls.pollEvent()) {
            onDtls(nowNanos, event);
        }
    }

    private void pumpIce(long nowNanos) {
        for (InetSocketAddress gone = gathering.pollGone(); gone != null; gone = gathering.pollGone()) {
            ice.removeLocalAddress(nowNanos, gone);
        }
        for (Candidate own = gathering.pollCandidate(); own != null; own = gathering.pollCandidate()) {
            ice.addLocalCandidate(nowNanos, own);
        }
        if (!lifecycle.isClosed()) {
            exchange.trickle()
                    .pump(
                            ice.localCandidates(),
                            ice.localCandidateChanges(),
                            gathering.isComplete(),
                            candidate -> events.add(new PeerEvent.LocalCandidate(candidate, negotiation.firstMid())));
        }
        for (InetAddress peer = ice.pollNewNamedPeer(); peer != null; peer = ice.pollNewNamedPeer()) {
            gathering.relays().keepFromServers(peer);
        }
        for (InetAddress peer = ice.pollNewPeer(); peer != null; peer = ice.pollNewPeer()) {
            gathering.relays().permit(nowNanos, peer);
        }
        for (IceEvent event = ice.pollEvent(); event != null; event = ice.pollEvent()) {
            if (event instanceof IceEvent.StateChanged change) {
                lifecycle.onIce(nowNanos, change);
                if (change.to() == IceState.CONNECTED || change.to() == IceState.COMPLETED) {
                    sctp.channels().pathRestored(nowNanos);
                } else if (change.to() == IceState.DISCONNECTED && !lifecycle.isEnding()) {
                    gathering.again(nowNanos);
                }
            } else if (event instanceof IceEvent.PathSelected(Path selected)) {
                gathering.relays().onPathSelected(nowNanos, selected);
                sctp.channels().pathRestored(nowNanos);
                sctp.onPathChanged(nowNanos);
            }
        }
        if (!lifecycle.isClosed()) {
            outlet.followPath();
        }
        ice.pumpTo(events);
        gathering.pumpTo(events);
    }

    private void startDtls(long nowNanos) {
        RemoteTransport remote = negotiation.remoteTransport();
        Setup setup = negotiation.localSetup();
        if (dtls.isStarted() || remote == null || setup == null || lifecycle.isNew()) {
            return;
        }
        boolean client = setup == Setup.ACTIVE;
        if (client && !outlet.hasPath()) {
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
                    rtp.pumpTo(nowNanos, events); // tracks send before the connection calls itself connected
                }
                lifecycle.becomeConnected(nowNanos, "DTLS: keys are agreed");
            }
            case DtlsEvent.ApplicationData(ByteBuffer packet) -> {
                startSctp(nowNanos);
                if (sctp.isStarted()) {
                    sctp.handlePacket(nowNanos, packet);
                }
            }
            case DtlsEvent.Failed(String reason) -> lifecycle.fail(nowNanos, reason);
            case DtlsEvent.Closed _ -> lifecycle.end(nowNanos, "the other side closed the connection");
        }
    }

    private void startSctp(long nowNanos) {
        Section data = negotiation.agreedData();
        if (sctp.isStarted() || !dtls.isConnected() || data == null || data.remote == null) {
            return;
        }
        sctp.start(nowNanos, data.remote, negotiation.localSetup() == Setup.ACTIVE);
    }
}
