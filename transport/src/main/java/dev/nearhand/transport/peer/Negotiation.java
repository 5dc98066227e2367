package dev.nearhand.transport.peer;

import dev.nearhand.transport.rtp.RtpSession;
import dev.nearhand.transport.sdp.Setup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Offers and answers: the part of JSEP (RFC 9429) that one bundled transport with data channels, video and audio
/// needs.
///
/// Holds the sections that both sides share and the state of the exchange. It touches no transport; [Exchange] hands on
/// what was agreed. The sections that stood when an exchange began are kept as they were until it is over: taking an
/// offer back is going on with those.
final class Negotiation {
    /// Sections in one description; a longer one is refused.
    static final int SECTIONS_LIMIT = 64;

    /// Sections of media in use at a time, and tracks of ours; what is offered beyond is rejected.
    static final int TRACKS_LIMIT = RtpSession.MAX_STREAMS;

    /// A description of ours that has been written and may be set.
    ///
    /// @param sections what it comes to
    private record Draft(SdpKind kind, String text, List<Section> sections, boolean restarts) {}

    /// What was agreed on when the exchange began.
    private record Stable(
            List<Section> sections,
            @Nullable RemoteDescription remote,
            @Nullable RemoteTransport transport,
            @Nullable Setup setup,
            boolean weOffered) {}

    private final DescriptionWriter writer;
    private final MediaAgreement agreement;
    private final BundlePolicy bundlePolicy;
    private final SectionIds ids = new SectionIds();
    private final MidSource mids = new MidSource();
    private SignalingState state = SignalingState.STABLE;
    private List<Section> sections = new ArrayList<>();
    private @Nullable Stable stable;
    private @Nullable Draft draft;
    private long version = 1;
    private boolean dataAnswered;
    private boolean restartWanted;
    private boolean restarting;
    private boolean weOffered;
    private @Nullable RemoteDescription remote;
    private @Nullable RemoteTransport remoteTransport;
    private @Nullable Setup localSetup;

    Negotiation(RandomGenerator random, String cname) {
        this(random, cname, BundlePolicy.MAX_COMPAT);
    }

    Negotiation(RandomGenerator random, String cname, BundlePolicy bundlePolicy) {
        this.agreement = new MediaAgreement(random);
        this.bundlePolicy = bundlePolicy;
        // "SHOULD ... be a 64-bit ... highest bit set to zero"
        this.writer = new DescriptionWriter(cname, random.nextLong() >>> 2);
    }

    SignalingState state() {
        return state;
    }

    // --- what this side wants

    /// What is sent and taken; what is added to it takes effect with the next exchange.
    MediaAgreement media() {
        return agreement;
    }

    /// Ends a track of ours. Nothing is sent for it from now on; the next description says so.
    void removeTrack(int handle) {
        LocalTrack track = agreement.track(handle);
        if (track != null) {
            agreement.remove(track);
            everySection(section -> {
                if (track.equals(section.track)) {
                    section.track = null;
                    section.sent = null;
                }
            });
        }
    }

    /// Ends the section of a track of ours, both ways; the next description rejects it.
    void stopTrack(int handle) {
        LocalTrack track = agreement.track(handle);
        if (track != null) {
            everySection(section -> section.stopping |= track.equals(section.track));
            removeTrack(handle);
        }
    }

    /// Ends a section, both ways; the next description rejects it.
    void stopSection(int id) {
        everySection(section -> {
            if (section.id == id && section.isMedia()) {
                section.stopping = true;
                if (section.track != null) {
                    agreement.remove(section.track);
                    section.track = null;
                    section.sent = null;
                }
            }
        });
    }

    private void everySection(Consumer<Section> change) {
        sections.forEach(change);
        if (stable != null) {
            stable.sections().forEach(change);
        }
        if (draft != null) {
            draft.sections().forEach(change);
        }
    }

    /// Asks for an ICE restart in the next offer.
    void restartIce() {
        restartWanted = true;
    }

    // --- what is agreed

    /// Whether the next description of this side needs new ICE credentials: a restart is wanted here, or an offer of
    /// the other side began one ("the answerer MUST ... change", RFC 8839 section 4.4.1.1.1).
    boolean nextNeedsCredentials() {
        boolean wanted =
                restartWanted && remoteTransport != null; // before the first exchange there is nothing to restart
        return switch (state) {
            case STABLE -> wanted;
            case HAVE_LOCAL_OFFER -> wanted || restarting;
            case HAVE_REMOTE_OFFER -> restarting;
            case HAVE_LOCAL_PRANSWER, HAVE_REMOTE_PRANSWER -> false; // they are in use since the first answer
        };
    }

    /// Whether an exchange is under way that restarts ICE.
    boolean isRestarting() {
        return restarting && state.isOffered();
    }

    /// Whether the latest exchange began with an offer of this side.
    boolean weOffered() {
        return weOffered;
    }

    /// The section that carries the transport of the bundle; empty when none does, or it has no name.
    String firstMid() {
        return sections.stream()
                .filter(section -> !section.rejected && !section.ended)
                .map(section -> section.mid)
                .findFirst()
                .orElse("");
    }

    /// The sections of the latest description.
    List<Section> sections() {
        return sections;
    }

    /// The sections that both sides agreed on; a provisional answer agrees too.
    List<Section> agreed() {
        return stable != null && state.isOffered() ? stable.sections() : sections;
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
        for (Section section : agreed()) {
            if (section.kind == Section.Kind.DATA && !section.rejected && section.remote != null) {
                return section;
            }
        }
        return null;
    }

    // --- descriptions of ours

    String createOffer(LocalTransport transport) {
        if (state != SignalingState.STABLE && state != SignalingState.HAVE_LOCAL_OFFER) {
            throw new IllegalStateException("an offer cannot be made while one of the other side is being answered");
        }
        boolean restarts = nextNeedsCredentials();
        List<Section> next = sectionsToOffer();
        String text = writer.offer(next, bundlePolicy, transport, version);
        draft = new Draft(SdpKind.OFFER, text, next, restarts);
        return text;
    }

    private List<Section> sectionsToOffer() {
        List<Section> next = Section.copies(base());
        for (Section section : next) {
            agreement.reconsider(section, next);
        }
        boolean haveNone = next.stream().allMatch(section -> section.ended);
        if (haveNone || !dataAnswered && next.stream().noneMatch(section -> section.kind == Section.Kind.DATA)) {
            // always offered: without any section there would be no transport to connect
            Section.put(next, Section.data(ids.next(), mids.free(next)));
        }
        agreement.addWanted(next, mids, ids);
        for (Section section : next) {
            section.rejected |= section.stopping;
            section.ended |= section.stopping; // its place is free when the other side has agreed
        }
        return next;
    }

    String createAnswer(LocalTransport transport) {
        RemoteDescription offer = remote;
        boolean isOffered = state == SignalingState.HAVE_REMOTE_OFFER || state == SignalingState.HAVE_LOCAL_PRANSWER;
        if (!isOffered || offer == null) {
            throw new IllegalStateException("an answer needs an offer of the other side before it");
        }
        List<Section> next = Section.copies(sections);
        next.forEach(section -> section.rejected |= section.stopping);
        Setup setup = localSetup == null ? Setup.ACTIVE : localSetup;
        String text = writer.answer(next, offer, setup, transport, version);
        draft = new Draft(SdpKind.ANSWER, text, next, restarting);
        return text;
    }

    /// @param kind a [SdpKind#PRANSWER] is an answer that was created, set as a provisional one
    /// @param text ignored for a rollback
    void setLocal(SdpKind kind, String text) {
        SignalingState next = legal(state.afterLocal(kind), "local", kind);
        if (kind == SdpKind.ROLLBACK) {
            rollBack();
            return;
        }
        Draft created = draft;
        SdpKind written = kind == SdpKind.PRANSWER ? SdpKind.ANSWER : kind;
        if (created == null || created.kind() != written || !created.text().equals(text)) {
            throw new IllegalArgumentException("the local description is what was created last, unchanged");
        }
        if (kind == SdpKind.OFFER) {
            begin();
            restarting = created.restarts();
            restartWanted = false;
            weOffered = true;
        }
        draft = null;
        version++;
        sections = created.sections();
        enter(next);
    }

    // --- descriptions of the other side

    /// @param description ignored for a rollback
    /// @throws NegotiationException when the description cannot be met; nothing has changed then
    void setRemote(SdpKind kind, RemoteDescription description) {
        SignalingState next = legal(state.afterRemote(kind), "remote", kind);
        switch (kind) {
            case ROLLBACK -> rollBack();
            case OFFER -> setOffer(description, next);
            case PRANSWER, ANSWER -> setAnswer(kind, description, next);
        }
    }

    /// An offer that stands is taken back for it, ours or an earlier one of the other side (RFC 9429 section 4.1.10.2).
    private void setOffer(RemoteDescription description, SignalingState next) {
        Stable before = stable == null ? standing() : stable;
        Review review = Review.of(
                SdpKind.OFFER, description, before.sections(), agreement, ids, before.transport(), before.setup());
        // from here on nothing fails
        begin();
        restarting = review.restarts();
        weOffered = false;
        take(SdpKind.OFFER, description, review);
        enter(next);
    }

    private void setAnswer(SdpKind kind, RemoteDescription description, SignalingState next) {
        boolean provisional = state == SignalingState.HAVE_REMOTE_PRANSWER;
        RemoteTransport before = provisional || stable == null ? remoteTransport : stable.transport();
        Review review = Review.of(SdpKind.ANSWER, description, sections, agreement, ids, before, localSetup);
        if (provisional && review.restarts()) {
            throw new NegotiationException("the answer names another transport than the provisional one before it");
        }
        if (!provisional && review.transport() != null && review.restarts() != restarting) {
            throw new NegotiationException(
                    review.restarts()
                            ? "the answer restarts ICE where the offer did not"
                            : "the offer restarts ICE and the answer does not");
        }
        // from here on nothing fails
        take(kind, description, review);
        enter(next);
    }

    private void take(SdpKind kind, RemoteDescription description, Review review) {
        draft = null;
        sections = review.sections();
        remote = description;
        RemoteTransport transport = review.transport();
        if (transport != null) {
            remoteTransport = transport;
            if (localSetup == null) {
                localSetup = transport.setup() == Setup.ACTIVE ? Setup.PASSIVE : Setup.ACTIVE;
            }
        }
        for (int i = 0; i < sections.size(); i++) {
            Section section = sections.get(i);
            RemoteSection theirs = description.sections().get(i);
            section.remote = theirs;
            section.rejected = !review.accepted()[i];
            if (!section.rejected && section.isMedia()) {
                agreement.agree(kind, sections, section, theirs);
            }
        }
    }

    // --- the course of an exchange

    private static SignalingState legal(@Nullable SignalingState next, String side, SdpKind kind) {
        if (next == null) {
            throw new IllegalStateException("a " + side + " " + kind + " cannot be set in this signaling state");
        }
        return next;
    }

    /// The sections that an offer goes out from.
    private List<Section> base() {
        return stable == null ? sections : stable.sections();
    }

    private Stable standing() {
        return new Stable(sections, remote, remoteTransport, localSetup, weOffered);
    }

    /// An offer is set. One that stood before is as if it had never been.
    private void begin() {
        if (stable == null) {
            stable = standing();
        } else {
            restore(stable);
        }
    }

    private void rollBack() {
        Stable before = stable;
        if (before != null) {
            restore(before);
        }
        draft = null;
        stable = null;
        state = SignalingState.STABLE;
    }

    private void restore(Stable before) {
        restartWanted |= restarting && state == SignalingState.HAVE_LOCAL_OFFER; // the wish is still there
        restarting = false;
        sections = before.sections();
        remote = before.remote();
        remoteTransport = before.transport();
        localSetup = before.setup();
        weOffered = before.weOffered();
    }

    private void enter(SignalingState next) {
        state = next;
        if (next != SignalingState.STABLE) {
            return;
        }
        stable = null;
        mids.used(sections);
        for (Section section : sections) {
            dataAnswered |= section.kind == Section.Kind.DATA;
            section.ended |= section.rejected;
            if (section.ended) {
                agreement.forget(section);
            }
        }
    }
}
