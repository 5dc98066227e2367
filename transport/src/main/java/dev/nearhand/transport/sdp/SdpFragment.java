package dev.nearhand.transport.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A part of a description that carries ICE information only: `application/trickle-ice-sdpfrag`, as
/// [RFC 8840 section 9](https://www.rfc-editor.org/rfc/rfc8840#section-9) writes it and HTTP signaling sends it.
///
/// A value. Does not know to which description it belongs; [#applyTo] puts it into one.
///
/// @param attributes those before the first section
/// @param media the pseudo sections; only their `m=` line, `mid` and ICE attributes mean anything
public record SdpFragment(Attributes attributes, List<MediaDescription> media) {
    private static final String HEAD = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\n";

    public SdpFragment {
        media = List.copyOf(media);
    }

    /// What reading a text gives.
    public sealed interface Result {}

    /// It is one.
    public record Read(SdpFragment fragment) implements Result {}

    /// It is none.
    ///
    /// @param line the number of the line at fault, from 1
    /// @param reason what is wrong with it; quotes nothing of the text
    public record Malformed(int line, String reason) implements Result {
        @Override
        public String toString() {
            return "line " + line + ": " + reason;
        }
    }

    /// Reads a text, as forgivingly as a description. Never throws.
    public static Result parse(String text) {
        return switch (SessionDescription.parse(HEAD + text)) {
            // the two lines before it are ours
            case SdpError error -> new Malformed(Math.max(1, error.line() - 2), error.reason());
            case SessionDescription read -> {
                SdpFragment fragment = new SdpFragment(read.attributes(), read.media());
                yield fragment.saysSomething()
                        ? new Read(fragment)
                        : new Malformed(1, "has neither credentials nor candidates");
            }
        };
    }

    private boolean saysSomething() {
        return iceUfrag().isPresent()
                || attributes.endOfCandidates()
                || media.stream().anyMatch(section -> section.attributes().endOfCandidates())
                || !candidates().isEmpty();
    }

    /// The ICE information of a description, for the section that carries its bundle.
    ///
    /// @param withCandidates all of the description's, or none
    public static SdpFragment of(SessionDescription description, boolean withCandidates) {
        Optional<MediaDescription> carrier = carrier(description);
        List<Attribute> session = new ArrayList<>();
        for (Attribute attribute : description.attributes().list()) {
            if (isIceOfSession(attribute.name()) || attribute.name().equals("group")) {
                session.add(attribute);
            }
        }
        List<MediaDescription> media = carrier.map(section -> {
                    List<Attribute> lines = new ArrayList<>();
                    section.attributes().mid().ifPresent(mid -> lines.add(new Attribute("mid", mid)));
                    description.iceUfrag(section).ifPresent(ufrag -> lines.add(new Attribute("ice-ufrag", ufrag)));
                    description.icePwd(section).ifPresent(pwd -> lines.add(new Attribute("ice-pwd", pwd)));
                    if (withCandidates) {
                        description
                                .candidates(section)
                                .forEach(candidate -> lines.add(new Attribute("candidate", candidate)));
                        if (section.attributes().endOfCandidates()) {
                            lines.add(Attribute.flag("end-of-candidates"));
                        }
                    }
                    return MediaDescription.of(
                            section.media(), 9, section.protocol(), section.formats(), new Attributes(lines));
                })
                .map(List::of)
                .orElse(List.of());
        return new SdpFragment(new Attributes(session), media);
    }

    /// This fragment with these candidates in its first section.
    ///
    /// @param candidates values of `a=candidate`
    public SdpFragment withCandidates(List<String> candidates, boolean end) {
        if (media.isEmpty()) {
            return this;
        }
        MediaDescription section = media.getFirst();
        List<Attribute> lines = new ArrayList<>(section.attributes().list());
        candidates.forEach(candidate -> lines.add(new Attribute("candidate", candidate)));
        if (end) {
            lines.add(Attribute.flag("end-of-candidates"));
        }
        List<MediaDescription> sections = new ArrayList<>(media);
        sections.set(0, with(section, lines));
        return new SdpFragment(attributes, sections);
    }

    /// The first section's, or that of the session.
    public Optional<String> iceUfrag() {
        return media.stream()
                .flatMap(section -> section.attributes().iceUfrag().stream())
                .findFirst()
                .or(attributes::iceUfrag);
    }

    /// The first section's, or that of the session.
    public Optional<String> icePwd() {
        return media.stream()
                .flatMap(section -> section.attributes().icePwd().stream())
                .findFirst()
                .or(attributes::icePwd);
    }

    /// Values of `a=candidate` of all sections, as written; without the empty ones that older programs end with.
    public List<String> candidates() {
        List<String> all = new ArrayList<>(attributes.candidates());
        media.forEach(section -> all.addAll(section.attributes().candidates()));
        return all.stream().filter(candidate -> !candidate.isBlank()).toList();
    }

    /// `description` with its ICE information replaced by what is here, as after an ICE restart that exchanges
    /// fragments only ([RFC 9725 section 4.3.3](https://www.rfc-editor.org/rfc/rfc9725#section-4.3.3)): the
    /// sections of the one bundle get the new credentials, its carrier the new candidates, and all else still
    /// applies.
    public SessionDescription applyTo(SessionDescription description) {
        List<Attribute> session = new ArrayList<>();
        description.attributes().list().stream()
                .filter(attribute -> !isIceOfSection(attribute.name()))
                .forEach(session::add);
        Optional<MediaDescription> carrier = carrier(description);
        List<MediaDescription> sections = description.media().stream()
                .map(section -> {
                    if (description.isRejected(section)) {
                        return section;
                    }
                    List<Attribute> lines = new ArrayList<>();
                    section.attributes().list().stream()
                            .filter(attribute -> !isIceOfSection(attribute.name()))
                            .forEach(lines::add);
                    iceUfrag().ifPresent(ufrag -> lines.add(new Attribute("ice-ufrag", ufrag)));
                    icePwd().ifPresent(pwd -> lines.add(new Attribute("ice-pwd", pwd)));
                    if (carrier.filter(section::equals).isPresent()) {
                        candidates().forEach(candidate -> lines.add(new Attribute("candidate", candidate)));
                    }
                    return with(section, lines);
                })
                .toList();
        return new SessionDescription(
                description.origin(), description.name(), description.fields(), new Attributes(session), sections);
    }

    /// The text, each line ended by CR LF.
    public String write() {
        return SdpWriter.write(this);
    }

    /// The section that gathers: the first of the bundle, or the first that is not rejected.
    private static Optional<MediaDescription> carrier(SessionDescription description) {
        return description.bundle().stream()
                .flatMap(mid -> description.section(mid).stream())
                .findFirst()
                .or(() -> description.media().stream()
                        .filter(section -> !description.isRejected(section))
                        .findFirst());
    }

    private static MediaDescription with(MediaDescription section, List<Attribute> lines) {
        return new MediaDescription(
                section.media(),
                section.port(),
                section.portCount(),
                section.protocol(),
                section.formats(),
                section.fields(),
                new Attributes(lines));
    }

    /// "MUST ensure that the HTTP PATCH requests and response bodies include the same 'ice-options', 'ice-pacing', and
    /// 'ice-lite' attributes as those used in the SDP offer or answer"
    private static boolean isIceOfSession(String name) {
        return name.equals("ice-options") || name.equals("ice-pacing") || name.equals("ice-lite");
    }

    private static boolean isIceOfSection(String name) {
        return name.equals("ice-ufrag")
                || name.equals("ice-pwd")
                || name.equals("candidate")
                || name.equals("remote-candidates")
                || name.equals("end-of-candidates");
    }

    /// Says how much there is only: the text holds addresses and keys, which must not reach a log.
    @Override
    public String toString() {
        return "SdpFragment[" + candidates().size() + " candidates]";
    }
}
