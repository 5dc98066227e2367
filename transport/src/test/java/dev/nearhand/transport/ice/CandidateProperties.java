package dev.nearhand.transport.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CandidateProperties {
    @Property(tries = 500)
    void whatIsWrittenIsReadBack(@ForAll("candidates") Candidate candidate) {
        assertThat(Candidate.parse(candidate.toAttribute())).isEqualTo(candidate);
    }

    @Property(tries = 200)
    void truncationsAndChangedCharactersAreSurvived(@ForAll("candidates") Candidate candidate, @ForAll char any) {
        String line = candidate.toAttribute();
        for (int i = 0; i < line.length(); i++) {
            survives(line.substring(0, i));
            survives(line.substring(0, i) + any + line.substring(i + 1));
        }
    }

    @Property(tries = 2_000)
    void anyTextIsSurvived(@ForAll String text) {
        survives(text);
        survives("candidate:" + text);
    }

    private static void survives(String line) {
        Candidate candidate = Candidate.parse(line);
        if (candidate != null) {
            assertThat(Candidate.parse(candidate.toAttribute())).isEqualTo(candidate);
        }
    }

    @Provide
    Arbitrary<Candidate> candidates() {
        Arbitrary<String> word =
                Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(12);
        return Combinators.combine(
                        word,
                        Arbitraries.integers().between(1, 256),
                        Arbitraries.of(TransportProtocol.class),
                        Arbitraries.longs().between(0, Candidate.MAX_PRIORITY),
                        addresses(),
                        Arbitraries.of(CandidateType.class),
                        addresses().injectNull(0.5),
                        Arbitraries.maps(word.map(name -> "x-" + name), word).ofMaxSize(5))
                .as((foundation, component, transport, priority, address, type, related, extensions) -> new Candidate(
                        foundation, component, transport, priority, address, type, related, Map.copyOf(extensions)));
    }

    private static Arbitrary<InetSocketAddress> addresses() {
        Arbitrary<Integer> ports = Arbitraries.integers().between(0, 65_535);
        Arbitrary<byte[]> bytes = Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofSize(4),
                Arbitraries.bytes().array(byte[].class).ofSize(16));
        Arbitrary<InetSocketAddress> names = Combinators.combine(
                        Arbitraries.strings()
                                .withCharRange('a', 'z')
                                .ofMinLength(1)
                                .ofMaxLength(20),
                        ports)
                .as((name, port) -> InetSocketAddress.createUnresolved(name + ".local", port));
        return Arbitraries.oneOf(Combinators.combine(bytes, ports).as(CandidateProperties::address), names);
    }

    private static InetSocketAddress address(byte[] bytes, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
