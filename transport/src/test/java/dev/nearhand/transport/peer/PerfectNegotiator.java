package dev.nearhand.transport.peer;

/// The way in which a program deals with offers that meet, as the WebRTC recommendation has it ("perfect negotiation"):
/// the polite side gives way and offers again, the impolite one does not listen.
final class PerfectNegotiator {
    final SimPeer peer;
    private final boolean polite;
    private final double signalingMillis;
    private PerfectNegotiator other;
    private boolean wantsToOffer;
    int collisions;

    private PerfectNegotiator(SimPeer peer, boolean polite, double signalingMillis) {
        this.peer = peer;
        this.polite = polite;
        this.signalingMillis = signalingMillis;
        this.other = this;
    }

    /// @return the polite one and the other one
    static PerfectNegotiator[] pair(SimPeer polite, SimPeer impolite, double signalingMillis) {
        PerfectNegotiator one = new PerfectNegotiator(polite, true, signalingMillis);
        PerfectNegotiator two = new PerfectNegotiator(impolite, false, signalingMillis);
        one.other = two;
        two.other = one;
        return new PerfectNegotiator[] {one, two};
    }

    /// Offers now, or as soon as the exchange that is under way is over.
    void negotiate() {
        if (peer.core.signalingState() != SignalingState.STABLE) {
            wantsToOffer = true;
            return;
        }
        wantsToOffer = false;
        peer.node.run(now -> {
            String offer = peer.core.createOffer();
            peer.core.setLocalDescription(now, SdpKind.OFFER, offer);
            send(SdpKind.OFFER, offer);
        });
    }

    private void send(SdpKind kind, String sdp) {
        peer.world.afterMillis(signalingMillis, () -> other.receive(kind, sdp));
    }

    private void receive(SdpKind kind, String sdp) {
        boolean collides = kind == SdpKind.OFFER && peer.core.signalingState() != SignalingState.STABLE;
        if (collides) {
            collisions++;
            if (!polite) {
                return;
            }
            wantsToOffer = true; // what was taken back
        }
        peer.node.run(now -> {
            peer.core.setRemoteDescription(now, kind, sdp);
            if (kind == SdpKind.OFFER) {
                String answer = peer.core.createAnswer();
                peer.core.setLocalDescription(now, SdpKind.ANSWER, answer);
                send(SdpKind.ANSWER, answer);
            }
        });
        if (wantsToOffer) {
            negotiate();
        }
    }

    boolean isQuiet() {
        return peer.core.signalingState() == SignalingState.STABLE && !wantsToOffer;
    }
}
