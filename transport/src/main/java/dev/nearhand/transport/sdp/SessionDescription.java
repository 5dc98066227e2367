package dev.nearhand.transport.sdp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A session description: everything that its text says, in the order that RFC 8866 section 5 wants.
///
/// A value. What is written reads back as the same value; lines that nothing here understands are kept.
///
/// @param fields always with a `t=` line, which RFC 8866 section 5.9 demands
/// @param attributes those of the session, before the first section
public record SessionDescription(
        Origin origin, String name, List<Field> fields, Attributes attributes, List<MediaDescription> media)
        implements SdpResult {
    public SessionDescription {
        SdpText.requireOneLine(name);
        name = name.isBlank() ? "" : name;
        List<Field> all = new ArrayList<>(fields);
        if (all.stream().noneMatch(field -> field.type() == 't')) {
            all.add(Field.NO_TIME);
        }
        all.sort(Comparator.comparingInt(Field::order));
        fields = List.copyOf(all);
        media = List.copyOf(media);
    }

    public static SessionDescription of(Origin origin, Attributes attributes, List<MediaDescription> media) {
        return new SessionDescription(origin, "-", List.of(), attributes, media);
    }

    /// Reads a text. Never throws.
    public static SdpResult parse(String text) {
        return new SdpParser(text).parse();
    }

    /// The text, each line ended by CR LF.
    public String write() {
        return SdpWriter.write(this);
    }

    /// The mids of the first BUNDLE group, in order; empty when there is none.
    public List<String> bundle() {
        return attributes.groups().stream()
                .filter(Group::isBundle)
                .findFirst()
                .map(Group::mids)
                .orElse(List.of());
    }

    public Optional<MediaDescription> section(String mid) {
        return media.stream()
                .filter(section ->
                        section.attributes().mid().filter(mid::equals).isPresent())
                .findFirst();
    }

    /// Whether a section is refused. One with port 0 that says `bundle-only` and is in a BUNDLE group is not: it lives
    /// on the bundle's transport ([RFC 8843 section 6](https://www.rfc-editor.org/rfc/rfc8843#section-6)).
    public boolean isRejected(MediaDescription section) {
        boolean bundled = section.attributes().bundleOnly()
                && section.attributes().mid().filter(bundle()::contains).isPresent();
        return section.port() == 0 && !bundled;
    }

    /// What a section says about its transport; where it says nothing the session counts, and then the section that
    /// carries its bundle's transport, which alone has to say it (RFC 8843 section 7.1.3).
    ///
    /// @param accessor one of [Attributes], such as `Attributes::iceUfrag`
    public <T> Optional<T> inherited(MediaDescription section, Function<Attributes, Optional<T>> accessor) {
        return accessor.apply(section.attributes())
                .or(() -> accessor.apply(attributes))
                .or(() -> carrier(section).flatMap(tagged -> accessor.apply(tagged.attributes())));
    }

    public Optional<String> iceUfrag(MediaDescription section) {
        return inherited(section, Attributes::iceUfrag);
    }

    public Optional<String> icePwd(MediaDescription section) {
        return inherited(section, Attributes::icePwd);
    }

    public Optional<Setup> setup(MediaDescription section) {
        return inherited(section, Attributes::setup);
    }

    public List<String> fingerprints(MediaDescription section) {
        return inherited(section, found -> Optional.of(found.fingerprints()).filter(lines -> !lines.isEmpty()))
                .orElse(List.of());
    }

    public List<String> candidates(MediaDescription section) {
        return inherited(section, found -> Optional.of(found.candidates()).filter(lines -> !lines.isEmpty()))
                .orElse(List.of());
    }

    public Direction direction(MediaDescription section) {
        return section.attributes().direction().or(attributes::direction).orElse(Direction.SENDRECV);
    }

    private Optional<MediaDescription> carrier(MediaDescription section) {
        List<String> bundle = bundle();
        Optional<String> mid = section.attributes().mid().filter(bundle::contains);
        return mid.flatMap(_ -> bundle.stream()
                .flatMap(member -> section(member).stream())
                .filter(member -> member.attributes().iceUfrag().isPresent())
                .findFirst());
    }

    /// Says how much there is only: the text holds addresses and keys, which must not reach a log.
    @Override
    public String toString() {
        return "SessionDescription[" + media.size() + " sections]";
    }
}
