package dev.nearhand.transport.peer;

import dev.nearhand.transport.turn.Relayed;
import dev.nearhand.transport.turn.TurnClient;
import dev.nearhand.transport.wire.Path;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// The way in: which child a datagram is for, and whether it may come along its path at all.
///
/// What a relay has forwarded is unwrapped first. DTLS and media are taken from paths only where ICE has heard the
/// other side, and kept for later where they come before they can be understood.
final class Intake {
    private final Gathering gathering;
    private final IceWiring ice;
    private final DtlsWiring dtls;
    private final RtpWiring rtp;
    private final boolean relayOnly;
    private final EarlyPackets early = new EarlyPackets();
    private long unknownProtocol;
    private long unknownPath;
    private long notRelayed;

    Intake(Gathering gathering, IceWiring ice, DtlsWiring dtls, RtpWiring rtp, boolean relayOnly) {
        this.gathering = gathering;
        this.ice = ice;
        this.dtls = dtls;
        this.rtp = rtp;
        this.relayOnly = relayOnly;
    }

    /// @param closed whether nothing but the goodbyes of servers and checks is wanted any more
    void take(long nowNanos, ByteBuffer borrowed, Path from, boolean closed) {
        if (Demux.classify(borrowed) == Demux.Protocol.STUN && gathering.handleAnswer(nowNanos, borrowed, from)) {
            return;
        }
        TurnClient relay = gathering.relays().clientOf(from);
        if (relay != null) {
            takeRelayed(nowNanos, relay, borrowed, from, closed);
        } else if (relayOnly) {
            notRelayed++; // an answer would tell that this host is here
        } else {
            takePlain(nowNanos, borrowed, from, closed);
        }
    }

    private void takeRelayed(long nowNanos, TurnClient relay, ByteBuffer borrowed, Path from, boolean closed) {
        Relayed inner = gathering.relays().receive(nowNanos, relay, borrowed, from);
        InetSocketAddress local = relay.relayed();
        if (inner != null && local != null) {
            takePlain(nowNanos, inner.data(), new Path(local, inner.peer()), closed);
        }
        gathering.onRelayMessage(nowNanos);
    }

    private void takePlain(long nowNanos, ByteBuffer borrowed, Path from, boolean closed) {
        switch (Demux.classify(borrowed)) {
            case STUN -> ice.handleDatagram(nowNanos, borrowed, from);
            case DTLS, RTP, RTCP -> {
                if (!closed) {
                    takeProtected(nowNanos, borrowed, from);
                }
            }
            case UNKNOWN -> unknownProtocol++;
        }
    }

    private void takeProtected(long nowNanos, ByteBuffer borrowed, Path from) {
        boolean isDtls = Demux.classify(borrowed) == Demux.Protocol.DTLS;
        if (isDtls ? !dtls.isStarted() : !rtp.hasKeys()) {
            early.keep(borrowed, from);
        } else if (!ice.hear(nowNanos, from)) {
            unknownPath++;
        } else if (isDtls) {
            dtls.handleDatagram(borrowed);
        } else {
            rtp.handleDatagram(nowNanos, borrowed, Demux.classify(borrowed) == Demux.Protocol.RTCP);
        }
    }

    /// Takes what came too early once more; it is kept again if it still does.
    void replayEarly(long nowNanos) {
        for (int count = early.size(); count > 0; count--) {
            EarlyPackets.Packet packet = early.poll();
            if (packet != null) {
                takeProtected(nowNanos, packet.datagram(), packet.path());
            }
        }
    }

    void forgetEarly() {
        early.clear();
    }

    void count(PeerStats.Counters counters) {
        counters.put("dropped.unknownProtocol", unknownProtocol);
        counters.put("dropped.unknownPath", unknownPath);
        counters.put("dropped.early", early.dropped());
        counters.put("dropped.notRelayed", notRelayed);
    }
}
