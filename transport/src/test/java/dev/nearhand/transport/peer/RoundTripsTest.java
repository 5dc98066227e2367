package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Connecting takes no more round trips than the standards ask for: one for a check that is answered, two for DTLS 1.2
/// (the server is done half a round trip earlier), and one for SCTP unless the descriptions hold the INITs: the first
/// data goes with its third packet.
class RoundTripsTest {
    @Test
    void withTheInitsInTheDescriptionsAChannelOpensAsSoonAsDtlsIsConnected() {
        RoundTrips.Figures offerers = RoundTrips.measure(true, 0, UnaryOperator.identity());
        assertThat(offerers.opened()).isEqualTo(2.5);
        assertThat(offerers.message()).isEqualTo(3);
        assertThat(offerers.media()).isEqualTo(3);
        assertThat(offerers.connected()).isEqualTo(3);
        assertThat(RoundTrips.measure(false, 0, UnaryOperator.identity()).opened())
                .isEqualTo(3);
    }

    @Test
    void withoutThemTheFirstDataGoesWithTheCookie() {
        RoundTrips.Figures offerers = RoundTrips.measure(true, 0, RoundTrips::withoutSnap);
        assertThat(offerers.opened()).isEqualTo(3.5);
        assertThat(offerers.message()).isEqualTo(4);
        assertThat(offerers.media()).isEqualTo(3);
        RoundTrips.Figures answerers = RoundTrips.measure(false, 0, RoundTrips::withoutSnap);
        assertThat(answerers.opened()).isEqualTo(4);
        assertThat(answerers.message()).isEqualTo(4.5);
    }

    @Test
    void theWayOfTheAnswerIsUsedForTheAnswerersChecks() {
        RoundTrips.Figures figures = RoundTrips.measure(true, 50, UnaryOperator.identity());
        assertThat(figures.opened()).isEqualTo(2);
    }
}
