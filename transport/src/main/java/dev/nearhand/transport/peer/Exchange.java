package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;

/// The exchange of descriptions inside a [PeerCore]: what [Negotiation] agrees on is handed to ICE and to media here.
final class Exchange {
    private final Negotiation negotiation;
    private final IceWiring ice;
    private final Gathering gathering;
    private final RtpWiring rtp;
    private final SctpWiring sctp;
    private final Fingerprint fingerprint;
    private final Lifecycle lifecycle;
    private final Trickle trickle = new Trickle();

    /// @param fingerprint of this side's certificate
    Exchange(
            Negotiation negotiation,
            IceWiring ice,
            Gathering gathering,
            RtpWiring rtp,
            SctpWiring sctp,
            Fingerprint fingerprint,
            Lifecycle lifecycle) {
        this.negotiation = negotiation;
        this.ice = ice;
        this.gathering = gathering;
        this.rtp = rtp;
        this.sctp = sctp;
        this.fingerprint = fingerprint;
        this.lifecycle = lifecycle;
    }

    Trickle trickle() {
        return trickle;
    }

    String createOffer() {
        return negotiation.createOffer(localTransport());
    }

    String createAnswer() {
        return negotiation.createAnswer(localTransport());
    }

    private LocalTransport localTransport() {
        trickle.described(ice.localCandidates(), gathering.isComplete());
        return new LocalTransport(
                negotiation.nextNeedsCredentials() ? ice.nextCredentials() : ice.localCredentials(),
                ice.localCandidates(),
                gathering.isComplete(),
                fingerprint,
                sctp.localPort(),
                sctp.maxReceiveMessageBytes(),
                sctp.localInit());
    }

    void setLocal(long nowNanos, SdpKind kind, String sdp) {
        negotiation.setLocal(kind, sdp);
        if (kind == SdpKind.ROLLBACK) {
            ice.takeBack();
            return;
        }
        trickle.set();
        gatherForRestart(nowNanos);
        if (kind == SdpKind.OFFER) {
            ice.setRole(true);
            if (negotiation.isRestarting()) {
                ice.restartOffered();
            }
        }
        apply(nowNanos);
    }

    /// @throws NegotiationException when it cannot be read or cannot be met; nothing has changed then
    void setRemote(long nowNanos, SdpKind kind, String sdp) {
        boolean offerStands = negotiation.state().isOffered();
        RemoteDescription description = kind == SdpKind.ROLLBACK ? RemoteDescription.NONE : DescriptionReader.read(sdp);
        negotiation.setRemote(kind, description);
        if (kind == SdpKind.ROLLBACK || kind == SdpKind.OFFER && offerStands) {
            ice.takeBack();
        }
        gatherForRestart(nowNanos);
        if (kind == SdpKind.OFFER) {
            ice.setRole(description.iceLite());
        }
        apply(nowNanos);
    }

    /// What is found follows the descriptions.
    private void gatherForRestart(long nowNanos) {
        if (negotiation.isRestarting()) {
            gathering.again(nowNanos);
        }
    }

    private void apply(long nowNanos) {
        RemoteTransport transport = negotiation.remoteTransport();
        // without one there is nothing in common: no transport to connect
        if (!negotiation.state().isOffered() && transport != null) {
            lifecycle.begin(nowNanos);
            ice.apply(nowNanos, transport, negotiation.weOffered() || transport.iceLite());
            applyMedia();
        }
    }

    private void applyMedia() {
        rtp.apply(negotiation.agreed());
    }

    /// Ends a track of ours.
    ///
    /// @param both whether what the other side sends in its section ends too
    void removeTrack(int track, boolean both) {
        if (both) {
            negotiation.stopTrack(track);
        } else {
            negotiation.removeTrack(track);
        }
        applyMedia();
    }

    /// Ends the section that a track of the other side came in, both ways.
    void stopRemote(int remoteTrack) {
        int section = rtp.sectionOf(remoteTrack);
        if (section != RtpWiring.NO_SECTION) {
            negotiation.stopSection(section);
            applyMedia();
        }
    }

    /// A candidate that came after its description; what cannot be read is ignored.
    void addRemoteCandidate(long nowNanos, String attribute) {
        Candidate candidate = Candidate.parse(attribute);
        if (candidate != null && negotiation.isRestarting()) {
            ice.addRemoteBeforeRestart(nowNanos, candidate);
        } else if (candidate != null) {
            ice.addRemote(nowNanos, candidate);
        }
    }
}
