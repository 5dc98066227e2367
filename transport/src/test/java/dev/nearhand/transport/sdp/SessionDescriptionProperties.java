package dev.nearhand.transport.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SessionDescriptionProperties {
    @Property(tries = 500)
    void whatIsWrittenReadsBackTheSame(@ForAll("descriptions") SessionDescription description) {
        assertThat(SessionDescription.parse(description.write())).isEqualTo(description);
    }

    @Property(tries = 500)
    void anyTextIsSurvived(@ForAll String text) {
        SessionDescription.parse("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n" + text);
        SessionDescription.parse(text);
    }

    @Provide
    Arbitrary<SessionDescription> descriptions() {
        return Combinators.combine(
                        origins(),
                        values(),
                        fields(),
                        attributes(),
                        sections().list().ofMaxSize(5))
                .as(SessionDescription::new);
    }

    private static Arbitrary<Origin> origins() {
        return Combinators.combine(
                        words(),
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.longs().greaterOrEqual(0))
                .as((user, session, version) -> new Origin(user, "" + session, "" + version, "IN IP6 ::1"));
    }

    private static Arbitrary<MediaDescription> sections() {
        return Combinators.combine(
                        words(),
                        Arbitraries.integers().between(0, 65_535),
                        Arbitraries.integers().between(1, 3),
                        words(),
                        words().list().ofMaxSize(4),
                        fields(),
                        attributes())
                .as(MediaDescription::new);
    }

    private static Arbitrary<List<Field>> fields() {
        return Combinators.combine(Arbitraries.chars().with("iuepcbtrzkxy"), values())
                .as(Field::new)
                .list()
                .ofMaxSize(6);
    }

    private static Arbitrary<Attributes> attributes() {
        return Combinators.combine(words(), values())
                .as(Attribute::new)
                .list()
                .ofMaxSize(8)
                .map(Attributes::new);
    }

    private static Arbitrary<String> words() {
        return Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(12).filter(word -> word.chars()
                .noneMatch(c -> c <= ' ' || c == ':' || c == 0x7F));
    }

    private static Arbitrary<String> values() {
        return Arbitraries.strings()
                .ofMaxLength(30)
                .filter(value -> value.indexOf('\r') < 0 && value.indexOf('\n') < 0);
    }
}
