package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.payload.Codec;
import java.util.List;
import org.junit.jupiter.api.Test;

/// An offer that is taken back is as if it had never been (RFC 9429 section 4.1.10.2).
class RollbackTest {
    private final Negotiator ours = new Negotiator(1);
    private final Negotiator theirs = new Negotiator(2);

    private static List<String> mids(Negotiator side) {
        return side.sections().stream().map(section -> section.mid).toList();
    }

    private static String lines(String sdp, String prefix) {
        return String.join(
                "\n", sdp.lines().filter(line -> line.startsWith(prefix)).toList());
    }

    @Test
    void aFirstOfferTakenBackLeavesNothing() {
        ours.negotiation.media().addTrack("screen", Codec.VP8);
        ours.offer();
        assertThat(ours.sections()).hasSize(2);
        ours.rollBack();
        assertThat(ours.sections()).isEmpty();
        assertThat(ours.state()).isEqualTo(SignalingState.STABLE);
        assertThat(lines(ours.offer(), "m=")).as("the track is offered again").contains("m=video 9");
    }

    @Test
    void aTrackThatAnswersAnOfferWaitsAgainWhenItIsTakenBack() {
        theirs.negotiation.media().addReceiver(false);
        ours.negotiation.media().addTrack("screen", Codec.VP8);
        ours.take(SdpKind.OFFER, theirs.offer());
        assertThat(ours.sections().get(1).track).isNotNull();
        assertThat(ours.negotiation.localSetup()).isNotNull();
        ours.take(SdpKind.ROLLBACK, "");
        assertThat(ours.sections()).isEmpty();
        assertThat(ours.negotiation.localSetup()).isNull();
        assertThat(ours.negotiation.remoteTransport()).isNull();
        assertThat(lines(ours.offer(), "a=msid")).contains("screen");
    }

    @Test
    void anAgreementStandsAsItWasAfterAnOfferOfEitherSideIsTakenBack() {
        ours.negotiation.media().addTrack("screen", Codec.VP8);
        ours.exchangeWith(theirs);
        List<Section> agreed = ours.sections();
        ours.negotiation.media().addTrack("camera", Codec.VP9);
        ours.offer();
        assertThat(ours.negotiation.agreed()).as("while the offer stands").isSameAs(agreed);
        ours.rollBack();
        assertThat(ours.sections()).isSameAs(agreed);
        ours.take(SdpKind.OFFER, theirs.offer().replace("a=recvonly", "a=inactive"));
        assertThat(ours.sections().get(1).sendsNow()).isFalse();
        assertThat(ours.negotiation.agreed().get(1).sendsNow()).isTrue();
        ours.rollBack();
        assertThat(ours.sections().get(1).sendsNow()).isTrue();
    }

    @Test
    void whatIsAddedWhileAnOfferStandsIsInTheNextOne() {
        ours.exchangeWith(theirs);
        ours.negotiation.media().addTrack("screen", Codec.VP8);
        ours.offer();
        ours.negotiation.media().addTrack("camera", Codec.VP8);
        ours.rollBack();
        String offer = ours.offer();
        assertThat(lines(offer, "a=msid")).contains("screen").contains("camera");
        assertThat(mids(ours)).doesNotHaveDuplicates().hasSize(3);
    }

    @Test
    void aTrackRemovedWhileAnOfferStandsDoesNotComeBackWithTheRollback() {
        int screen = ours.negotiation.media().addTrack("screen", Codec.VP8).handle();
        ours.exchangeWith(theirs);
        ours.offer();
        ours.negotiation.removeTrack(screen);
        ours.rollBack();
        assertThat(ours.sections().get(1).track).isNull();
        assertThat(lines(ours.offer(), "a=inactive")).isNotEmpty();
    }

    @Test
    void theWishToRestartIceOutlivesARollback() {
        ours.exchangeWith(theirs);
        String before = lines(ours.createOffer(), "a=ice-ufrag");
        ours.negotiation.restartIce();
        String restarts = lines(ours.offer(), "a=ice-ufrag");
        assertThat(restarts).isNotEqualTo(before);
        assertThat(ours.negotiation.isRestarting()).isTrue();
        ours.rollBack();
        assertThat(ours.negotiation.isRestarting()).isFalse();
        assertThat(lines(ours.createOffer(), "a=ice-ufrag")).isNotEqualTo(before);
        ours.exchangeWith(theirs);
        assertThat(ours.negotiation.nextNeedsCredentials()).isFalse();
        assertThat(theirs.state()).isEqualTo(SignalingState.STABLE);
    }

    @Test
    void aRestartOfTheOtherSideThatIsTakenBackIsNone() {
        ours.exchangeWith(theirs);
        RemoteTransport before = ours.negotiation.remoteTransport();
        theirs.negotiation.restartIce();
        ours.take(SdpKind.OFFER, theirs.offer());
        assertThat(ours.negotiation.isRestarting()).isTrue();
        ours.rollBack();
        theirs.rollBack();
        assertThat(ours.negotiation.remoteTransport()).isEqualTo(before);
        assertThat(ours.negotiation.nextNeedsCredentials()).isFalse();
        ours.exchangeWith(theirs);
    }

    /// What both sides of a glare do, see the perfect negotiation of the WebRTC recommendation.
    @Test
    void anOfferOfTheOtherSideTakesOursBack() {
        ours.exchangeWith(theirs);
        ours.negotiation.media().addTrack("screen", Codec.VP8);
        theirs.negotiation.media().addTrack("sound", Codec.OPUS);
        ours.offer();
        String impolite = theirs.offer();
        ours.take(SdpKind.OFFER, impolite);
        assertThat(ours.state()).isEqualTo(SignalingState.HAVE_REMOTE_OFFER);
        theirs.take(SdpKind.ANSWER, ours.answer(SdpKind.ANSWER));
        assertThat(ours.sections().get(1).receivesNow()).isTrue();
        assertThat(ours.sections()).as("the video still waits").hasSize(2);
        ours.exchangeWith(theirs);
        assertThat(ours.sections().get(2).sendsNow()).isTrue();
        assertThat(theirs.sections().get(2).receivesNow()).isTrue();
        assertThat(mids(ours)).isEqualTo(mids(theirs)).doesNotHaveDuplicates();
    }

    @Test
    void anOfferThatCannotBeMetDoesNotTakeOursBack() {
        ours.exchangeWith(theirs);
        ours.negotiation.media().addTrack("screen", Codec.VP8);
        String offer = ours.offer();
        List<Section> offered = ours.sections();
        String bad = theirs.createOffer().replaceAll("a=ice-pwd:[^\r]*\r\n", "");
        assertThatThrownBy(() -> ours.take(SdpKind.OFFER, bad)).isInstanceOf(NegotiationException.class);
        assertThat(ours.state()).isEqualTo(SignalingState.HAVE_LOCAL_OFFER);
        assertThat(ours.sections()).isSameAs(offered);
        theirs.take(SdpKind.OFFER, offer);
        ours.take(SdpKind.ANSWER, theirs.answer(SdpKind.ANSWER));
        assertThat(ours.sections().get(1).sendsNow()).isTrue();
    }

    @Test
    void aProvisionalAnswerIsInForceUntilTheFinalOneAndMayBeOverruledByIt() {
        ours.negotiation.media().addTrack("screen", Codec.VP8);
        theirs.take(SdpKind.OFFER, ours.offer());
        String provisional = theirs.answer(SdpKind.PRANSWER);
        ours.take(SdpKind.PRANSWER, provisional.replace("m=video 9", "m=video 0"));
        assertThat(ours.sections().get(1).sendsNow()).isFalse();
        assertThat(ours.negotiation.agreedData()).as("data begins").isNotNull();
        ours.take(SdpKind.PRANSWER, provisional);
        assertThat(ours.sections().get(1).sendsNow()).isTrue();
        ours.take(SdpKind.ANSWER, theirs.answer(SdpKind.ANSWER));
        assertThat(ours.state()).isEqualTo(SignalingState.STABLE);
        assertThat(theirs.state()).isEqualTo(SignalingState.STABLE);
        assertThat(ours.sections().get(1).sendsNow()).isTrue();
    }

    @Test
    void aFinalAnswerOnAnotherTransportThanTheProvisionalOneIsRefused() {
        theirs.take(SdpKind.OFFER, ours.offer());
        String answer = theirs.answer(SdpKind.PRANSWER);
        ours.take(SdpKind.PRANSWER, answer);
        String moved = answer.replaceAll("a=ice-ufrag:.*", "a=ice-ufrag:other\r")
                .replaceAll("a=ice-pwd:.*", "a=ice-pwd:abcdefghijklmnopqrstuvwx\r");
        assertThatThrownBy(() -> ours.take(SdpKind.ANSWER, moved)).isInstanceOf(NegotiationException.class);
        ours.take(SdpKind.ANSWER, answer);
    }
}
