package dev.nearhand.transport.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulcastTest {
    @Test
    void streamsAreNamedInBothDirectionsAndTheFirstOfAlternativesCounts() {
        assertThat(Simulcast.parse("send 1,2;~3 recv hi")).isEqualTo(new Simulcast(List.of("1", "3"), List.of("hi")));
        assertThat(Simulcast.parse("recv a;b")).isEqualTo(new Simulcast(List.of(), List.of("a", "b")));
        assertThat(new Simulcast(List.of("a", "b"), List.of("c")).toAttribute().value())
                .isEqualTo("send a;b recv c");
    }

    @Test
    void aLineThatMakesNoSenseIsAbsent() {
        List<String> senseless = List.of("", "send", "send ;", "send a;;b", "both a", "send a recv", "send a$b", "a;b");
        for (String line : senseless) {
            assertThat(Simulcast.parse(line)).as(line).isNull();
        }
    }

    @Test
    void streamsAreBounded() {
        String many = IntStream.range(0, 1_000).mapToObj(i -> "r" + i).collect(Collectors.joining(";"));
        assertThat(Simulcast.parse("send " + many)).isNotNull().satisfies(simulcast -> assertThat(simulcast.send())
                .hasSize(Simulcast.MAX_STREAMS));
    }

    @Test
    void aRidHasADirectionAndAShortName() {
        assertThat(Rid.parse("hi send")).isEqualTo(new Rid("hi", true, ""));
        assertThat(Rid.parse("hi recv pt=96;max-width=1280")).isEqualTo(new Rid("hi", false, "pt=96;max-width=1280"));
        assertThat(new Rid("hi", false, "pt=96").toAttribute().value()).isEqualTo("hi recv pt=96");
        for (String line : List.of("", "hi", "hi both", "h:i send", "x".repeat(Rid.MAX_ID_LENGTH + 1) + " send")) {
            assertThat(Rid.parse(line)).as(line).isNull();
        }
    }
}
