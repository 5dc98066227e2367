package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceCredentials;
import dev.nearhand.transport.sdp.Setup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a description of the other side would come to. Changes nothing: a description that cannot be met is refused
/// before anything is.
///
/// @param sections copies of those before, and those that the description brings, at its places
/// @param accepted which of them are in use
/// @param transport null when none is
/// @param restarts whether it begins ICE anew
record Review(
        List<Section> sections,
        boolean[] accepted,
        @Nullable RemoteTransport transport,
        boolean restarts) {
    /// @param before the sections that stand; for an answer those that were offered
    /// @param established the transport that stands, null before the first exchange
    /// @param role ours in the DTLS handshake, null until it is agreed
    /// @throws NegotiationException when the description cannot be met
    static Review of(
            SdpKind kind,
            RemoteDescription description,
            List<Section> before,
            MediaAgreement media,
            SectionIds ids,
            @Nullable RemoteTransport established,
            @Nullable Setup role) {
        check(kind, description, before);
        List<Section> sections = kind == SdpKind.OFFER ? offered(description, before, ids) : Section.copies(before);
        boolean[] accepted = accepted(kind, sections, description, media);
        RemoteTransport transport = transportOf(kind, description, accepted, role);
        boolean restarts = false;
        if (established != null && transport != null) {
            if (!established.fingerprint().equals(transport.fingerprint())) {
                throw new NegotiationException("the other side changed its certificate; a new connection is needed");
            }
            restarts = restarts(established, transport);
        }
        return new Review(sections, accepted, transport, restarts);
    }

    private static void check(SdpKind kind, RemoteDescription description, List<Section> before) {
        int count = description.sections().size();
        if (count > Negotiation.SECTIONS_LIMIT) {
            throw new NegotiationException("the description has more than " + Negotiation.SECTIONS_LIMIT + " sections");
        }
        if (kind == SdpKind.OFFER ? count < before.size() : count != before.size()) {
            throw new NegotiationException(
                    "the description has " + count + " sections where " + before.size() + " are agreed or offered");
        }
        Set<String> mids = new HashSet<>();
        for (int i = 0; i < count; i++) {
            RemoteSection section = description.sections().get(i);
            if (!section.mid().isEmpty() && !mids.add(section.mid())) {
                throw new NegotiationException("two sections have the same mid");
            }
            boolean fits = i >= before.size() || isPlaceFor(kind, before.get(i), section);
            if (!fits) {
                throw new NegotiationException("section " + i + " is not the one that was there before");
            }
        }
    }

    /// The place of a section that was rejected may be given to any other one in an offer (RFC 9429 section 5.2.2).
    private static boolean isPlaceFor(SdpKind kind, Section ours, RemoteSection theirs) {
        if (ours.ended) {
            return kind == SdpKind.OFFER || theirs.rejected() && ours.media.equals(theirs.media());
        }
        return isSame(ours, theirs);
    }

    private static boolean isSame(Section ours, RemoteSection theirs) {
        return ours.media.equals(theirs.media())
                && (theirs.mid().isEmpty() || theirs.mid().equals(ours.mid));
    }

    private static List<Section> offered(RemoteDescription description, List<Section> before, SectionIds ids) {
        List<Section> result = Section.copies(before);
        for (int i = 0; i < description.sections().size(); i++) {
            RemoteSection section = description.sections().get(i);
            if (i >= result.size()) {
                result.add(Section.of(ids.next(), kindOf(section, result), section));
            } else if (result.get(i).ended && !(section.rejected() && isSame(result.get(i), section))) {
                result.set(i, Section.of(ids.next(), kindOf(section, result), section));
            }
        }
        return result;
    }

    private static Section.Kind kindOf(RemoteSection section, List<Section> others) {
        boolean haveData = others.stream().anyMatch(other -> other.kind == Section.Kind.DATA && !other.ended);
        if (section.dataChannels() && !haveData) {
            return Section.Kind.DATA;
        }
        if (section.isVideo()) {
            return Section.Kind.VIDEO;
        }
        return section.isAudio() ? Section.Kind.AUDIO : Section.Kind.OTHER;
    }

    /// Which sections are in use after `description`: those we speak, on the one transport.
    private static boolean[] accepted(
            SdpKind kind, List<Section> next, RemoteDescription description, MediaAgreement media) {
        boolean[] accepted = new boolean[next.size()];
        boolean haveOne = false;
        boolean bundled = false;
        int tracks = 0;
        for (int i = 0; i < accepted.length; i++) {
            Section ours = next.get(i);
            RemoteSection section = description.sections().get(i);
            boolean usable = !ours.ended && !section.rejected() && media.speaks(kind, next, ours, section);
            // without a common bundle every further section would need a transport of its own
            boolean inBundle = description.bundle().contains(section.mid());
            boolean together = !haveOne || bundled && inBundle;
            boolean fits = !ours.isMedia() || tracks < Negotiation.TRACKS_LIMIT;
            accepted[i] = usable && together && fits;
            if (accepted[i]) {
                tracks += ours.isMedia() ? 1 : 0;
                bundled = haveOne ? bundled : inBundle;
                haveOne = true;
            }
        }
        return accepted;
    }

    /// The first accepted section speaks for the bundle; what it leaves out is taken from the other sections of it.
    private static @Nullable RemoteTransport transportOf(
            SdpKind kind, RemoteDescription description, boolean[] accepted, @Nullable Setup role) {
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
        return new RemoteTransport(
                credentials, fingerprint, role(kind, setup, role), candidates, end, description.iceLite());
    }

    private static @Nullable Fingerprint usable(List<Fingerprint> fingerprints) {
        for (Fingerprint fingerprint : fingerprints) {
            if (fingerprint.algorithm().equals("sha-256")) {
                return fingerprint;
            }
        }
        return fingerprints.isEmpty() ? null : fingerprints.getFirst();
    }

    /// @param said what the description says, null for nothing
    /// @param role ours so far, null before the first answer
    private static Setup role(SdpKind kind, @Nullable Setup said, @Nullable Setup role) {
        Setup setup = said;
        if (setup == null && role != null) {
            setup = role == Setup.ACTIVE ? Setup.PASSIVE : Setup.ACTIVE;
        } else if (setup == null) {
            // "The default value of the setup attribute ... is 'active' in the offer and 'passive' in the answer"
            // (4145)
            setup = kind == SdpKind.OFFER ? Setup.ACTIVE : Setup.PASSIVE;
        }
        if (setup == Setup.HOLDCONN || (kind != SdpKind.OFFER && setup == Setup.ACTPASS)) {
            throw new NegotiationException("the description leaves open who begins the handshake (a=setup)");
        }
        if (setup == role) {
            // it would mean another association (RFC 8842 section 5.2), with the keys of the one that stands in use
            throw new NegotiationException(
                    "the description changes who began the handshake (a=setup); a new connection is needed");
        }
        return setup;
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
}
