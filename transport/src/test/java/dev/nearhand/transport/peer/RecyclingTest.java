package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.sdp.Direction;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Sections that end, and others in their places (RFC 9429 sections 5.2.2 and 5.3.1).
class RecyclingTest {
    private final Negotiator ours = new Negotiator(1);
    private final Negotiator theirs = new Negotiator(2);

    private int addTrack(Negotiator side, Codec codec) {
        return side.negotiation.media().addTrack("t" + codec, codec).handle();
    }

    private static Direction directionOf(String sdp, int section) {
        return DescriptionReader.read(sdp).sections().get(section).direction();
    }

    private static List<String> mLines(String sdp) {
        return sdp.lines()
                .filter(line -> line.startsWith("m="))
                .map(line -> line.split(" ")[0] + " " + line.split(" ")[1])
                .toList();
    }

    @Test
    void aRemovedTrackMakesItsSectionInactiveAndTheOtherSideReceivesItNoMore() {
        int track = addTrack(ours, Codec.VP8);
        ours.exchangeWith(theirs);
        assertThat(theirs.sections().get(1).receivesNow()).isTrue();
        ours.negotiation.removeTrack(track);
        assertThat(ours.sections().get(1).sendsNow()).as("at once").isFalse();
        String answer = ours.exchangeWith(theirs);
        assertThat(directionOf(answer, 1)).isEqualTo(Direction.INACTIVE);
        assertThat(theirs.sections().get(1).receivesNow()).isFalse();
        assertThat(theirs.sections().get(1).rejected).isFalse();
    }

    @Test
    void aStoppedTrackRejectsItsSectionAndTheNextOneTakesItsPlaceUnderANewName() {
        int track = addTrack(ours, Codec.VP8);
        ours.exchangeWith(theirs);
        ours.negotiation.stopTrack(track);
        String answer = ours.exchangeWith(theirs);
        assertThat(mLines(answer)).containsExactly("m=application 9", "m=video 0");
        addTrack(theirs, Codec.OPUS);
        answer = theirs.exchangeWith(ours);
        assertThat(mLines(answer)).containsExactly("m=application 9", "m=audio 9");
        assertThat(ours.sections().get(1).mid)
                .isEqualTo(theirs.sections().get(1).mid)
                .isNotIn("0", "1");
        assertThat(ours.sections().get(1).receivesNow()).isTrue();
    }

    @Test
    void theSameNameDoesNotComeBack() {
        for (int round = 0; round < 5; round++) {
            String name = Integer.toString(round + 1);
            int track = addTrack(ours, Codec.VP8);
            ours.exchangeWith(theirs);
            assertThat(ours.sections()).hasSize(2);
            assertThat(ours.sections().get(1).mid).isEqualTo(name);
            ours.negotiation.stopTrack(track);
            ours.exchangeWith(theirs);
        }
    }

    @Test
    void whatTheOtherSideRejectsIsOverForGoodAndItsPlaceIsFree() {
        theirs.negotiation.media().acceptVideo(List.of(Codec.AV1));
        addTrack(ours, Codec.VP8);
        ours.exchangeWith(theirs);
        assertThat(ours.sections().get(1).ended).isTrue();
        addTrack(ours, Codec.AV1);
        ours.exchangeWith(theirs);
        assertThat(ours.sections()).hasSize(2);
        assertThat(ours.sections().get(1).sendsNow()).isTrue();
    }

    @Test
    void aSectionIsStoppedByTheAnswererToo() {
        addTrack(ours, Codec.VP8);
        ours.exchangeWith(theirs);
        theirs.negotiation.stopSection(theirs.sections().get(1).id);
        assertThat(theirs.sections().get(1).receivesNow()).isFalse();
        assertThat(mLines(ours.exchangeWith(theirs))).containsExactly("m=application 9", "m=video 0");
        assertThat(ours.sections().get(1).sendsNow()).isFalse();
        assertThat(ours.sections().get(1).ended).isTrue();
    }

    @Test
    void theDataSectionThatSpeaksForTheBundleMayBeRejected() {
        addTrack(ours, Codec.VP8);
        theirs.take(SdpKind.OFFER, ours.offer());
        String answer = theirs.answer(SdpKind.ANSWER)
                .replace("m=application 9", "m=application 0")
                .replace("a=group:BUNDLE 0 1", "a=group:BUNDLE 1");
        ours.take(SdpKind.ANSWER, answer);
        assertThat(ours.negotiation.agreedData()).isNull();
        assertThat(ours.sections().get(1).sendsNow()).isTrue();
        String offer = ours.createOffer();
        assertThat(mLines(offer)).containsExactly("m=application 0", "m=video 9");
        assertThat(offer.substring(offer.indexOf("m=video")))
                .as("it speaks now")
                .contains("a=candidate");
    }

    @Test
    void theAnswerToASectionThatWeEndedHasToEndIt() {
        int track = addTrack(ours, Codec.VP8);
        ours.exchangeWith(theirs);
        String alive = theirs.createOffer().replace("a=setup:actpass", "a=setup:active");
        ours.negotiation.stopTrack(track);
        ours.offer();
        assertThatThrownBy(() -> ours.take(SdpKind.ANSWER, alive)).isInstanceOf(NegotiationException.class);
    }

    @Test
    void aPlaceThatIsRejectedAgainUnderAnotherNameIsAnsweredAsItIs() {
        int track = addTrack(ours, Codec.VP8);
        ours.exchangeWith(theirs);
        ours.negotiation.stopTrack(track);
        ours.exchangeWith(theirs);
        String offer = ours.createOffer().replace("m=video 0 UDP/TLS/RTP/SAVPF 96 97", "m=audio 0 UDP/TLS/RTP/SAVPF 0");
        theirs.take(SdpKind.OFFER, offer);
        assertThat(theirs.answer(SdpKind.ANSWER)).contains("m=audio 0 UDP/TLS/RTP/SAVPF 0");
    }

    @Test
    void moreTracksThanThereIsRoomForWaitUntilThereIs() {
        for (int i = 0; i < Negotiation.TRACKS_LIMIT; i++) {
            ours.negotiation.media().addReceiver(true);
        }
        int track = addTrack(ours, Codec.VP8);
        ours.exchangeWith(theirs);
        assertThat(ours.sections()).hasSize(1 + Negotiation.TRACKS_LIMIT);
        assertThat(ours.sections().stream().filter(Section::sendsNow)).hasSize(1);
        ours.negotiation.stopTrack(track);
        ours.exchangeWith(theirs);
        ours.exchangeWith(theirs);
        assertThat(ours.sections().stream().filter(section -> section.kind == Section.Kind.AUDIO))
                .as("the place of the video goes to the audio that waited")
                .hasSize(Negotiation.TRACKS_LIMIT);
    }

    @Test
    void otherFormatsAreOfferedInTheSameSectionUnderNumbersThatKeepTheirMeaning() {
        ours.negotiation.media().addReceiver(false);
        ours.negotiation.media().acceptVideo(List.of(Codec.VP8));
        addTrack(theirs, Codec.VP8);
        ours.exchangeWith(theirs);
        int vp8 = theirs.sections().get(1).sent.payloadType();
        ours.negotiation.media().acceptVideo(List.of(Codec.AV1, Codec.VP8));
        ours.exchangeWith(theirs);
        assertThat(ours.sections().get(1).ours.getFirst().codec()).isEqualTo(Codec.AV1);
        assertThat(theirs.sections().get(1).sent.payloadType()).isEqualTo(vp8);
        ours.negotiation.media().acceptVideo(List.of(Codec.AV1));
        ours.exchangeWith(theirs);
        assertThat(theirs.sections().get(1).sendsNow())
                .as("its codec is not taken any more")
                .isFalse();
    }

    @Test
    void maxBundleOffersOneTransportAndIsAnsweredInFull() {
        Negotiator bundling = new Negotiator(3, BundlePolicy.MAX_BUNDLE);
        addTrack(bundling, Codec.VP8);
        addTrack(bundling, Codec.VP9);
        String offer = bundling.offer();
        assertThat(mLines(offer)).containsExactly("m=application 9", "m=video 0", "m=video 0");
        assertThat(offer.split("a=bundle-only")).hasSize(3);
        assertThat(offer.split("a=ice-ufrag")).hasSize(2);
        theirs.take(SdpKind.OFFER, offer);
        bundling.take(SdpKind.ANSWER, theirs.answer(SdpKind.ANSWER));
        assertThat(bundling.sections().stream().filter(Section::sendsNow)).hasSize(2);
        assertThat(mLines(bundling.createOffer()))
                .as("later")
                .containsExactly("m=application 9", "m=video 9", "m=video 9");
    }

    @Test
    void balancedOffersATransportForEachKindOfMedia() {
        Negotiator balanced = new Negotiator(3, BundlePolicy.BALANCED);
        addTrack(balanced, Codec.VP8);
        addTrack(balanced, Codec.OPUS);
        addTrack(balanced, Codec.VP9);
        assertThat(mLines(balanced.offer())).containsExactly("m=application 9", "m=video 9", "m=audio 9", "m=video 0");
    }

    @Test
    void theRolesOfTheHandshakeStayWhoeverOffers() {
        ours.exchangeWith(theirs);
        assertThat(theirs.exchangeWith(ours)).contains("a=setup:passive").doesNotContain("a=setup:active");
        String turned = theirs.createOffer().replace("a=setup:actpass", "a=setup:passive");
        assertThatThrownBy(() -> ours.take(SdpKind.OFFER, turned))
                .isInstanceOf(NegotiationException.class)
                .hasMessageContaining("a=setup");
        ours.take(SdpKind.OFFER, theirs.createOffer().replace("a=setup:actpass", "a=setup:active"));
        assertThat(ours.state()).isEqualTo(SignalingState.HAVE_REMOTE_OFFER);
    }
}
