package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceCredentials;
import dev.nearhand.transport.rtp.RtpSession;
import dev.nearhand.transport.sdp.Attribute;
import dev.nearhand.transport.sdp.Attributes;
import dev.nearhand.transport.sdp.Group;
import dev.nearhand.transport.sdp.MediaDescription;
import dev.nearhand.transport.sdp.Origin;
import dev.nearhand.transport.sdp.SessionDescription;
import dev.nearhand.transport.sdp.Setup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Offers and answers: the part of JSEP (RFC 9429) that one bundled transport with data channels, video and audio
/// needs.
///
/// Holds the sections that both sides share and the state of the exchange. It touches no transport; [PeerCore] reads
/// from it what was agreed. There is no rollback, no recycling of rejected sections and no local change of a created
/// text.
final class Negotiation {
    /// RFC 9429 section 3.2, without provisional answers.
    enum State {
        STABLE,
        HAVE_LOCAL_OFFER,
        HAVE_REMOTE_OFFER
    }

    /// Sections in one description; a longer one is refused.
    static final int SECTIONS_LIMIT = 64;

    /// Sections of video in use at a time, and tracks of ours; what is offered beyond is rejected.
    static final int TRACKS_LIMIT = RtpSession.MAX_STREAMS;

    private final String cname;
    private final long sessionId;
    private final MediaAgreement agreement;
    private State state = State.STABLE;
    private List<Section> sections = new ArrayList<>();
    private List<Section> offered = List.of();
    private long version = 1;
    private boolean restartWanted;
    private boolean restartCreated;
    private boolean restarting;
    private boolean weOffered;
    private @Nullable String created;
    private @Nullable SdpKind createdKind;
    private @Nullable RemoteDescription remote;
    private @Nullable RemoteTransport remoteTransport;
    private @Nullable Setup localSetup;

    Negotiation(RandomGenerator random, String cname) {
        this.agreement = new MediaAgreement(random);
        this.cname = cname;
        this.sessionId = random.nextLong() >>> 2; // "SHOULD ... be a 64-bit ... highest bit set to zero"
    }

    State state() {
        return state;
    }

    /// What is sent and taken; what is added to it takes effect with the next exchange.
    MediaAgreement media() {
        return agreement;
    }

    /// Asks for an ICE restart in the next offer.
    void restartIce() {
        restartWanted = true;
    }

    /// Whether the next description of this side needs new ICE credentials: a restart is wanted here, or an offer of
    /// the other side began one ("the answerer MUST ... change", RFC 8839 section 4.4.1.1.1).
    boolean nextNeedsCredentials() {
        return state == State.HAVE_REMOTE_OFFER ? restarting : restartWanted;
    }

    /// Whether an exchange is under way that restarts ICE.
    boolean isRestarting() {
        return restarting && state != State.STABLE;
    }

    /// Whether the latest exchange began with an offer of this side.
    boolean weOffered() {
        return weOffered;
    }

    /// The section that carries the transport of the bundle; empty when none does, or it has no name.
    String firstMid() {
        return sections.stream()
                .filter(section -> !section.rejected)
                .map(section -> section.mid)
                .findFirst()
                .orElse("");
    }

    /// The sections that both sides share now.
    List<Section> sections() {
        return sections;
    }

    /// What the other side said about its transport; null before its first description.
    @Nullable
    RemoteTransport remoteTransport() {
        return remoteTransport;
    }

    /// Who we are in the DTLS handshake: [Setup#ACTIVE] or [Setup#PASSIVE]; null until it is agreed.
    @Nullable
    Setup localSetup() {
        return localSetup;
    }

    /// The section that carries data channels, once both sides agreed on one; else null.
    @Nullable
    Section agreedData() {
        if (remote == null || state != State.STABLE) {
            return null;
        }
        for (Section section : sections) {
            if (section.kind == Section.Kind.DATA && !section.rejected && section.remote != null) {
                return section;
            }
        }
        return null;
    }

    // --- offers of ours

    String createOffer(LocalTransport transport) {
        if (state != State.STABLE) {
            throw new IllegalStateException("an offer can be made only when no other exchange is under way");
        }
        offered = sectionsToOffer();
        restartCreated = restartWanted;
        List<String> bundle = new ArrayList<>();
        List<MediaDescription> media = new ArrayList<>();
        SectionWriter writer = new SectionWriter(transport, cname);
        for (Section section : offered) {
            if (section.rejected) {
                media.add(writer.rejected(section));
                continue;
            }
            bundle.add(section.mid);
            // "actpass" in every offer: the roles that stand are confirmed by the answer (RFC 8842 section 5.2)
            media.add(
                    section.kind == Section.Kind.DATA
                            ? writer.data(section, Setup.ACTPASS)
                            : writer.media(section, section.wantedDirection(), Setup.ACTPASS));
        }
        return remember(SdpKind.OFFER, describe(bundle, media));
    }

    private String describe(List<String> bundle, List<MediaDescription> media) {
        List<Attribute> attributes = new ArrayList<>();
        if (!bundle.isEmpty()) {
            attributes.add(new Group(Group.BUNDLE, bundle).toAttribute());
        }
        attributes.add(new Attribute("ice-options", "trickle ice2"));
        return SessionDescription.of(origin(), new Attributes(attributes), media)
                .write();
    }

    private Origin origin() {
        return Origin.of(sessionId, version);
    }

    private List<Section> sectionsToOffer() {
        List<Section> result = new ArrayList<>(sections);
        if (result.stream().noneMatch(section -> section.kind == Section.Kind.DATA)) {
            // always offered: without any section there would be no transport to connect
            result.add(Section.data(freeMid(result)));
        }
        agreement.addWanted(result, () -> freeMid(result));
        return result;
    }

    private static String freeMid(List<Section> taken) {
        for (int number = taken.size(); ; number++) {
            String mid = Integer.toString(number);
            if (taken.stream().noneMatch(section -> section.mid.equals(mid))) {
                return mid;
            }
        }
    }

    private String remember(SdpKind kind, String text) {
        created = text;
        createdKind = kind;
        return text;
    }

    // --- descriptions applied

    void setLocal(SdpKind kind, String text) {
        if (kind != createdKind || !text.equals(created)) {
            throw new IllegalArgumentException("the local description is what was created last, unchanged");
        }
        createdKind = null;
        version++;
        if (kind == SdpKind.OFFER) {
            if (state != State.STABLE) {
                throw new IllegalStateException("an exchange is under way already");
            }
            sections = offered;
            agreement.offered(sections);
            restarting = restartCreated && remoteTransport != null;
            restartWanted = false;
            weOffered = true;
            state = State.HAVE_LOCAL_OFFER;
        } else {
            state = State.STABLE;
        }
    }

    /// @throws NegotiationException when the description cannot be met; nothing has changed then
    void setRemote(SdpKind kind, RemoteDescription description) {
        if (kind == SdpKind.OFFER && state != State.STABLE) {
            throw new IllegalStateException("an offer of the other side comes while another exchange is under way");
        }
        if (kind == SdpKind.ANSWER && state != State.HAVE_LOCAL_OFFER) {
            throw new IllegalStateException("an answer needs an offer of ours before it");
        }
        checkSections(kind, description);
        List<Section> next = kind == SdpKind.ANSWER ? sections : sectionsOf(description);
        boolean[] accepted = accepted(next, description);
        RemoteTransport transport = transportOf(kind, description, accepted);
        if (remoteTransport != null
                && transport != null
                && !remoteTransport.fingerprint().equals(transport.fingerprint())) {
            throw new NegotiationException("the other side changed its certificate; a new connection is needed");
        }
        boolean restarts = remoteTransport != null && transport != null && restarts(remoteTransport, transport);
        if (kind == SdpKind.ANSWER && transport != null && restarts != restarting) {
            throw new NegotiationException(
                    restarts
                            ? "the answer restarts ICE where the offer did not"
                            : "the offer restarts ICE and the answer does not");
        }
        // from here on nothing fails
        restarting = restarts;
        weOffered = kind == SdpKind.ANSWER;
        created = null;
        createdKind = null;
        sections = next;
        remote = description;
        if (transport != null) {
            remoteTransport = transport;
            if (localSetup == null) {
                localSetup = transport.setup() == Setup.ACTIVE ? Setup.PASSIVE : Setup.ACTIVE;
            }
        }
        for (int i = 0; i < sections.size(); i++) {
            applyRemote(kind, sections.get(i), description.sections().get(i), accepted[i]);
        }
        state = kind == SdpKind.OFFER ? State.HAVE_REMOTE_OFFER : State.STABLE;
    }

    /// "To restart ICE, an agent MUST change both the ice-pwd and the ice-ufrag" (RFC 8839 section 4.4.1.1.1).
    private static boolean restarts(RemoteTransport before, RemoteTransport now) {
        boolean sameUfrag =
                before.credentials().ufrag().equals(now.credentials().ufrag());
        boolean samePwd = before.credentials().pwd().equals(now.credentials().pwd());
        if (sameUfrag != samePwd) {
            throw new NegotiationException("an ICE restart changes both ice-ufrag and ice-pwd, not one of them");
        }
        return !sameUfrag;
    }

    private void checkSections(SdpKind kind, RemoteDescription description) {
        int count = description.sections().size();
        if (count > SECTIONS_LIMIT) {
            throw new NegotiationException("the description has more than " + SECTIONS_LIMIT + " sections");
        }
        if (kind == SdpKind.ANSWER ? count != sections.size() : count < sections.size()) {
            throw new NegotiationException(
                    "the description has " + count + " sections where " + sections.size() + " are agreed or offered");
        }
        Set<String> mids = new HashSet<>();
        for (int i = 0; i < count; i++) {
            RemoteSection section = description.sections().get(i);
            if (!section.mid().isEmpty() && !mids.add(section.mid())) {
                throw new NegotiationException("two sections have the same mid");
            }
            if (i < sections.size()) {
                Section ours = sections.get(i);
                boolean sameMid = section.mid().isEmpty() || section.mid().equals(ours.mid);
                if (!ours.media.equals(section.media()) || !(sameMid || ours.rejected)) {
                    throw new NegotiationException("section " + i + " is not the one that was there before");
                }
            }
        }
    }

    private List<Section> sectionsOf(RemoteDescription description) {
        List<Section> result = new ArrayList<>(sections);
        for (int i = result.size(); i < description.sections().size(); i++) {
            RemoteSection section = description.sections().get(i);
            Section.Kind kind = Section.Kind.OTHER;
            if (section.dataChannels() && result.stream().noneMatch(other -> other.kind == Section.Kind.DATA)) {
                kind = Section.Kind.DATA;
            } else if (section.isVideo()) {
                kind = Section.Kind.VIDEO;
            } else if (section.isAudio()) {
                kind = Section.Kind.AUDIO;
            }
            result.add(Section.of(kind, section));
        }
        return result;
    }

    /// Which sections are in use after `description`: those we speak, on the one transport.
    private boolean[] accepted(List<Section> next, RemoteDescription description) {
        boolean[] accepted = new boolean[next.size()];
        boolean haveOne = false;
        int tracks = 0;
        for (int i = 0; i < accepted.length; i++) {
            RemoteSection section = description.sections().get(i);
            boolean usable = !next.get(i).rejected && !section.rejected() && agreement.speaks(next.get(i), section);
            // without a common bundle every further section would need a transport of its own
            boolean together = !haveOne || description.bundle().contains(section.mid());
            boolean fits = !next.get(i).isMedia() || tracks < TRACKS_LIMIT;
            accepted[i] = usable && together && fits;
            tracks += accepted[i] && next.get(i).isMedia() ? 1 : 0;
            haveOne |= accepted[i];
        }
        return accepted;
    }

    private void applyRemote(SdpKind kind, Section ours, RemoteSection theirs, boolean accepted) {
        ours.remote = theirs;
        ours.rejected = !accepted;
        if (accepted && ours.isMedia()) {
            agreement.agree(kind, ours, theirs);
        }
    }

    /// The first accepted section speaks for the bundle; what it leaves out is taken from the other sections of it.
    private static @Nullable RemoteTransport transportOf(
            SdpKind kind, RemoteDescription description, boolean[] accepted) {
        IceCredentials credentials = null;
        Fingerprint fingerprint = null;
        Setup setup = null;
        boolean any = false;
        boolean end = false;
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < accepted.length; i++) {
            RemoteSection section = description.sections().get(i);
            if (!accepted[i] && !description.bundle().contains(section.mid())) {
                continue;
            }
            any |= accepted[i];
            credentials = credentials == null ? section.credentials() : credentials;
            fingerprint = fingerprint == null ? usable(section.fingerprints()) : fingerprint;
            setup = setup == null ? section.setup() : setup;
            candidates.addAll(section.candidates());
            end |= section.endOfCandidates();
        }
        if (!any) {
            return null;
        }
        if (credentials == null) {
            throw new NegotiationException("the description has no ice-ufrag and ice-pwd");
        }
        if (fingerprint == null) {
            throw new NegotiationException("the description has no certificate fingerprint that can be checked");
        }
        if (setup == null) {
            // "The default value of the setup attribute ... is 'active' in the offer and 'passive' in the answer"
            // (4145)
            setup = kind == SdpKind.OFFER ? Setup.ACTIVE : Setup.PASSIVE;
        }
        if (setup == Setup.HOLDCONN || (kind == SdpKind.ANSWER && setup == Setup.ACTPASS)) {
            throw new NegotiationException("the description leaves open who begins the handshake (a=setup)");
        }
        return new RemoteTransport(credentials, fingerprint, setup, candidates, end, description.iceLite());
    }

    private static @Nullable Fingerprint usable(List<Fingerprint> fingerprints) {
        for (Fingerprint fingerprint : fingerprints) {
            if (fingerprint.algorithm().equals("sha-256")) {
                return fingerprint;
            }
        }
        return fingerprints.isEmpty() ? null : fingerprints.getFirst();
    }

    // --- answers of ours

    String createAnswer(LocalTransport transport) {
        RemoteDescription offer = remote;
        if (state != State.HAVE_REMOTE_OFFER || offer == null) {
            throw new IllegalStateException("an answer needs an offer of the other side before it");
        }
        List<String> bundle = new ArrayList<>();
        List<MediaDescription> media = new ArrayList<>();
        SectionWriter writer = new SectionWriter(transport, cname);
        Setup setup = localSetup == null ? Setup.ACTIVE : localSetup;
        for (Section section : sections) {
            RemoteSection theirs = section.remote;
            if (section.rejected || theirs == null) {
                media.add(writer.rejected(section));
                continue;
            }
            if (offer.bundle().contains(section.mid)) {
                bundle.add(section.mid);
            }
            media.add(
                    section.kind == Section.Kind.DATA
                            ? writer.data(section, setup)
                            : writer.media(section, section.answeredDirection(theirs), setup));
        }
        return remember(SdpKind.ANSWER, describe(bundle, media));
    }
}
