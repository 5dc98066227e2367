package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.IceCredentials;
import dev.nearhand.transport.sdp.Setup;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Who begins the DTLS handshake (RFC 4145 section 4, RFC 8842 section 5).
class SetupNegotiationTest {
    private final Negotiation ours = new Negotiation(new Random(1), "ours");
    private final Negotiation theirs = new Negotiation(new Random(2), "theirs");

    private static LocalTransport transport(int seed) {
        return new LocalTransport(
                IceCredentials.generate(new Random(seed)),
                List.of(),
                true,
                Fingerprint.of("sha-256", new byte[32]),
                5000,
                1 << 20);
    }

    private String offer(Negotiation negotiation) {
        String offer = negotiation.createOffer(transport(1));
        negotiation.setLocal(SdpKind.OFFER, offer);
        return offer;
    }

    private String answerTo(String offer) {
        theirs.setRemote(SdpKind.OFFER, DescriptionReader.read(offer));
        String answer = theirs.createAnswer(transport(2));
        theirs.setLocal(SdpKind.ANSWER, answer);
        return answer;
    }

    @Test
    void refusesAnOfferThatHoldsTheConnectionAndStaysAsItWas() {
        String held = offer(ours).replace("a=setup:actpass", "a=setup:holdconn");
        assertThatThrownBy(() -> theirs.setRemote(SdpKind.OFFER, DescriptionReader.read(held)))
                .isInstanceOf(NegotiationException.class)
                .hasMessageContaining("a=setup");
        assertThat(theirs.state()).isEqualTo(SignalingState.STABLE);
        assertThat(theirs.localSetup()).isNull();
    }

    @Test
    void refusesAnAnswerThatLeavesTheRoleOpenAndTakesTheNextOne() {
        String answer = answerTo(offer(ours));
        String open = answer.replace("a=setup:active", "a=setup:actpass");
        assertThatThrownBy(() -> ours.setRemote(SdpKind.ANSWER, DescriptionReader.read(open)))
                .isInstanceOf(NegotiationException.class);
        assertThat(ours.state()).isEqualTo(SignalingState.HAVE_LOCAL_OFFER);
        ours.setRemote(SdpKind.ANSWER, DescriptionReader.read(answer));
        assertThat(ours.localSetup()).isEqualTo(Setup.PASSIVE);
    }

    @Test
    void beginsTheHandshakeWhereAnAnswerIsPassive() {
        String answer = answerTo(offer(ours)).replace("a=setup:active", "a=setup:passive");
        ours.setRemote(SdpKind.ANSWER, DescriptionReader.read(answer));
        assertThat(ours.localSetup()).isEqualTo(Setup.ACTIVE);
    }
}
