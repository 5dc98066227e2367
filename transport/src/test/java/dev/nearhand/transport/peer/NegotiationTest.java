package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceCredentials;
import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.sdp.Setup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NegotiationTest {
    private static final String ICE = """
            a=ice-ufrag:abcd
            a=ice-pwd:abcdefghijklmnopqrstuvwx
            """;
    private static final String FINGERPRINT = "a=fingerprint:sha-256 " + "AB:".repeat(31) + "AB\n";
    private static final String TRANSPORT = ICE + FINGERPRINT + "a=setup:actpass\n";
    private static final String SESSION = "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\n";
    private static final String DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\nc=IN IP4 0.0.0.0\n";
    private static final String VP8 = "a=rtcp-mux\na=rtpmap:96 VP8/90000\na=rtcp-fb:96 nack\na=rtcp-fb:96 nack pli\n";

    private final Negotiation ours = new Negotiation(new Random(1), "ours");
    private final Negotiation theirs = new Negotiation(new Random(2), "theirs");

    private static LocalTransport transport(int seed) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000 + seed);
        return new LocalTransport(
                IceCredentials.generate(new Random(seed)),
                List.of(Candidate.host(address, 65_535)),
                true,
                Fingerprint.of("sha-256", new byte[32]),
                5000,
                1 << 20);
    }

    private LocalTransport transportOf(Negotiation negotiation) {
        return transport(negotiation == ours ? 1 : 2);
    }

    private String answer(Negotiation negotiation, String offer) {
        negotiation.setRemote(SdpKind.OFFER, DescriptionReader.read(offer));
        String answer = negotiation.createAnswer(transportOf(negotiation));
        negotiation.setLocal(SdpKind.ANSWER, answer);
        return answer;
    }

    private String exchange(Negotiation offerer, Negotiation answerer) {
        String offer = offerer.createOffer(transportOf(offerer));
        offerer.setLocal(SdpKind.OFFER, offer);
        String answer = answer(answerer, offer);
        offerer.setRemote(SdpKind.ANSWER, DescriptionReader.read(answer));
        return answer;
    }

    private static List<String> lines(String sdp, String prefix) {
        return Arrays.stream(sdp.split("\r\n"))
                .filter(line -> line.startsWith(prefix))
                .toList();
    }

    /// The lines of the section at `index`, its `m=` line first.
    private static String section(String sdp, int index) {
        return "m=" + sdp.split("\r\nm=")[index + 1];
    }

    @Test
    void anOfferWithNothingAskedForOffersDataChannelsSoThatThereIsATransport() {
        String offer = ours.createOffer(transport(1));
        assertThat(lines(offer, "m=")).containsExactly("m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
        assertThat(lines(offer, "a=setup:")).containsExactly("a=setup:actpass");
        assertThat(lines(offer, "a=candidate:")).hasSize(1);
        assertThat(lines(offer, "a=end-of-candidates")).hasSize(1);
        assertThat(lines(offer, "a=group:")).containsExactly("a=group:BUNDLE 0");
    }

    @Test
    void twoPeersAgreeOnDataAndOnVideoInOneDirection() {
        ours.media().addTrack("screen", Codec.VP8);
        exchange(ours, theirs);
        assertThat(ours.agreedData()).isNotNull();
        assertThat(theirs.agreedData()).isNotNull();
        Section sending = ours.sections().get(1);
        Section receiving = theirs.sections().get(1);
        assertThat(sending.sendsNow()).isTrue();
        assertThat(sending.receivesNow()).isFalse();
        assertThat(receiving.receivesNow()).isTrue();
        assertThat(receiving.sendsNow()).isFalse();
        assertThat(receiving.remote.trackName()).isEqualTo("screen");
        assertThat(receiving.remote.ssrcs()).containsExactly(sending.track.ssrc(), sending.track.rtxSsrc());
        assertThat(sending.midExtensionId).isEqualTo(receiving.midExtensionId).isNotZero();
        assertThat(ours.localSetup()).isEqualTo(Setup.PASSIVE);
        assertThat(theirs.localSetup()).isEqualTo(Setup.ACTIVE);
    }

    @Test
    void videoHasTransportWideFeedbackWhenBothSidesSaySo() {
        ours.media().addTrack("screen", Codec.VP8);
        exchange(ours, theirs);
        assertThat(ours.sections().get(1).transportExtensionId).isNotZero();
        assertThat(theirs.sections().get(1).transportExtensionId)
                .isEqualTo(ours.sections().get(1).transportExtensionId);
        String offer = ours.createOffer(transport(1));
        assertThat(lines(offer, "a=extmap:")).anyMatch(line -> line.contains(SectionWriter.TRANSPORT_EXTENSION));
        assertThat(lines(offer, "a=rtcp-fb:")).anyMatch(line -> line.endsWith(" transport-cc"));

        theirs.media().addTrack("another", Codec.VP8);
        exchange(theirs, ours);
        assertThat(ours.sections().get(2).transportExtensionId)
                .isEqualTo(ours.sections().get(1).transportExtensionId);
    }

    @Test
    void aPeerWithoutTransportWideFeedbackGetsNone() {
        ours.media().addTrack("screen", Codec.VP8);
        String offer = ours.createOffer(transport(1));
        ours.setLocal(SdpKind.OFFER, offer);
        String without = offer.replaceAll("a=rtcp-fb:[0-9]+ transport-cc\\r\\n", "");
        theirs.setRemote(SdpKind.OFFER, DescriptionReader.read(without));
        String answer = theirs.createAnswer(transport(2));
        theirs.setLocal(SdpKind.ANSWER, answer);
        ours.setRemote(SdpKind.ANSWER, DescriptionReader.read(answer));
        assertThat(without).isNotEqualTo(offer);
        assertThat(answer).doesNotContain(SectionWriter.TRANSPORT_EXTENSION).doesNotContain("transport-cc");
        assertThat(ours.sections().get(1).transportExtensionId).isZero();
        assertThat(ours.sections().get(1).sendsNow()).isTrue();
    }

    @Test
    void audioHasNoTransportWideFeedback() {
        ours.media().addTrack("sound", Codec.OPUS);
        exchange(ours, theirs);
        assertThat(ours.sections().get(1).transportExtensionId).isZero();
    }

    @Test
    void anOfferToReceiveIsAnsweredWithATrackThatWaits() {
        ours.media().addReceiver(false);
        theirs.media().addTrack("screen", Codec.VP8);
        exchange(ours, theirs);
        assertThat(theirs.sections().get(1).sendsNow()).isTrue();
        assertThat(ours.sections().get(1).receivesNow()).isTrue();
    }

    @Test
    void aSecondExchangeAddsATrackAndKeepsWhatStood() {
        exchange(ours, theirs);
        Setup role = ours.localSetup();
        ours.media().addTrack("screen", Codec.VP8);
        exchange(ours, theirs);
        assertThat(ours.sections()).hasSize(2);
        assertThat(ours.sections().get(1).sendsNow()).isTrue();
        assertThat(ours.localSetup()).isEqualTo(role);
        theirs.media().addTrack("camera", Codec.VP8);
        exchange(theirs, ours);
        assertThat(ours.sections()).hasSize(3);
        assertThat(ours.sections().get(1).sendsNow()).isTrue();
        assertThat(ours.sections().get(2).receivesNow()).isTrue();
        assertThat(ours.localSetup()).isEqualTo(role);
    }

    @Test
    void theSessionVersionGrowsWithEachDescriptionThatIsSet() {
        String first = exchange(ours, theirs);
        String second = exchange(ours, theirs);
        assertThat(lines(first, "o=").getFirst()).endsWith(" 1 IN IP4 127.0.0.1");
        assertThat(lines(second, "o=").getFirst()).endsWith(" 2 IN IP4 127.0.0.1");
    }

    /// Wire case 1.
    @Test
    void aDataSectionIsNotAskedForCodecs() {
        String answer = answer(ours, SESSION + "a=group:BUNDLE 0\n" + DATA + "a=mid:0\n" + TRANSPORT);
        assertThat(lines(answer, "m=")).containsExactly("m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
        assertThat(ours.agreedData()).isNotNull();
    }

    /// Wire case 2.
    @Test
    void everySectionHasAConnectionLineARejectedOneToo() {
        String answer = answer(
                ours,
                SESSION + "a=group:BUNDLE a v d\n"
                        + "m=audio 9 UDP/TLS/RTP/SAVPF 0\nc=IN IP4 0.0.0.0\na=mid:a\na=rtcp-mux\n"
                        + "a=rtpmap:0 PCMU/8000\n" + TRANSPORT
                        + "m=video 9 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 0.0.0.0\na=mid:v\n" + VP8 + TRANSPORT
                        + DATA + "a=mid:d\n" + TRANSPORT);
        assertThat(lines(answer, "m=audio")).containsExactly("m=audio 0 UDP/TLS/RTP/SAVPF 0");
        assertThat(lines(answer, "c=")).hasSize(3);
        assertThat(lines(answer, "a=group:")).containsExactly("a=group:BUNDLE v d");
        assertThat(section(answer, 1)).contains("a=recvonly").contains("a=candidate:");
        assertThat(section(answer, 0)).doesNotContain("a=ice-ufrag").contains("a=mid:a");
    }

    /// Wire case 3.
    @Test
    void aBundleOnlySectionWithPortZeroIsNotRejected() {
        String answer = answer(
                ours,
                SESSION + "a=group:BUNDLE v d\n"
                        + "m=video 9 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 0.0.0.0\na=mid:v\n" + VP8 + TRANSPORT
                        + "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\nc=IN IP4 0.0.0.0\n"
                        + "a=mid:d\na=bundle-only\na=sctp-port:5000\n");
        assertThat(lines(answer, "m=application")).containsExactly("m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
        assertThat(ours.agreedData()).isNotNull();
    }

    @Test
    void aSectionWithPortZeroOutsideOfABundleIsRejected() {
        String answer = answer(
                ours,
                SESSION + "a=group:BUNDLE d\n" + DATA + "a=mid:d\n" + TRANSPORT
                        + "m=video 0 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 0.0.0.0\na=mid:v\n" + VP8);
        assertThat(lines(answer, "m=video")).containsExactly("m=video 0 UDP/TLS/RTP/SAVPF 96");
    }

    /// Wire case 4.
    @Test
    void sectionsOfABundleInheritWhatItsFirstOneSays() {
        ours.setRemote(
                SdpKind.OFFER,
                DescriptionReader.read(SESSION + "a=group:BUNDLE v d\n"
                        + "m=video 9 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 0.0.0.0\na=mid:v\n" + VP8 + TRANSPORT
                        + DATA + "a=mid:d\n"));
        RemoteTransport remote = ours.remoteTransport();
        assertThat(remote).isNotNull();
        assertThat(remote.credentials().ufrag()).isEqualTo("abcd");
        assertThat(ours.sections()).noneMatch(section -> section.rejected);
    }

    @Test
    void credentialsCountEvenWhenTheSectionThatHasThemIsRefused() {
        String answer = answer(
                ours,
                SESSION + "a=group:BUNDLE a d\n"
                        + "m=audio 9 UDP/TLS/RTP/SAVPF 0\nc=IN IP4 0.0.0.0\na=mid:a\na=rtcp-mux\n" + TRANSPORT
                        + DATA + "a=mid:d\n");
        assertThat(lines(answer, "m=application")).containsExactly("m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
        assertThat(ours.remoteTransport()).isNotNull();
    }

    @Test
    void whatTheSessionSaysCountsForAllSections() {
        answer(ours, SESSION + TRANSPORT + "a=group:BUNDLE d\n" + DATA + "a=mid:d\n");
        RemoteTransport remote = ours.remoteTransport();
        assertThat(remote).isNotNull();
        assertThat(remote.setup()).isEqualTo(Setup.ACTPASS);
    }

    /// Wire case 5.
    @Test
    void anOfferWithoutSectionsIsAnsweredWithoutAGroup() {
        String answer = answer(ours, SESSION);
        assertThat(answer).doesNotContain("a=group").doesNotContain("m=");
        assertThat(ours.remoteTransport()).isNull();
    }

    /// Wire case 6.
    @Test
    void aPayloadTypeAbove127CostsThatFormatOnly() {
        String answer = answer(
                ours,
                SESSION + "a=group:BUNDLE v\n"
                        + "m=video 9 UDP/TLS/RTP/SAVPF 200 97\nc=IN IP4 0.0.0.0\na=mid:v\na=rtcp-mux\n"
                        + "a=rtpmap:200 VP8/90000\na=rtpmap:97 VP8/90000\n" + TRANSPORT);
        assertThat(lines(answer, "m=video")).containsExactly("m=video 9 UDP/TLS/RTP/SAVPF 97");
    }

    /// Wire case 8.
    @Test
    void aSecondGroupFeedbackForAllFormatsAndSeveralIceOptionsAreUnderstood() {
        String answer = answer(
                ours,
                SESSION + "a=group:BUNDLE v\na=group:LS v\na=ice-options:trickle ice2\n"
                        + "m=video 9 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 0.0.0.0\na=mid:v\na=rtcp-mux\n"
                        + "a=rtpmap:96 VP8/90000\na=rtcp-fb:* transport-cc\na=rtcp-fb:* nack pli\n" + TRANSPORT);
        assertThat(lines(answer, "a=group:")).containsExactly("a=group:BUNDLE v");
        assertThat(lines(answer, "a=rtcp-fb:")).containsExactly("a=rtcp-fb:96 nack pli");
    }

    @Test
    void videoWithoutOurCodecIsRejected() {
        String answer = answer(
                ours,
                SESSION + "a=group:BUNDLE v d\n"
                        + "m=video 9 UDP/TLS/RTP/SAVPF 100\nc=IN IP4 0.0.0.0\na=mid:v\na=rtcp-mux\n"
                        + "a=rtpmap:100 H265/90000\n" + TRANSPORT + DATA + "a=mid:d\n" + TRANSPORT);
        assertThat(lines(answer, "m=video")).containsExactly("m=video 0 UDP/TLS/RTP/SAVPF 100");
        assertThat(ours.agreedData()).isNotNull();
    }

    @Test
    void onlyTheFirstSectionIsTakenWhenNothingIsBundled() {
        String answer = answer(
                ours,
                SESSION + DATA + "a=mid:d\n" + TRANSPORT + "m=video 9 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 0.0.0.0\na=mid:v\n"
                        + VP8 + TRANSPORT);
        assertThat(lines(answer, "m="))
                .containsExactly("m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "m=video 0 UDP/TLS/RTP/SAVPF 96");
        assertThat(answer).doesNotContain("a=group");
    }

    @Test
    void theFormOfDataSectionsBeforeRfc8841IsAnsweredInItsForm() {
        String answer = answer(
                ours,
                SESSION + "a=group:BUNDLE d\nm=application 9 DTLS/SCTP 5001\nc=IN IP4 0.0.0.0\na=mid:d\n"
                        + "a=sctpmap:5001 webrtc-datachannel 256\n" + TRANSPORT);
        assertThat(lines(answer, "m=")).containsExactly("m=application 9 DTLS/SCTP 5001");
        assertThat(lines(answer, "a=sctpmap")).containsExactly("a=sctpmap:5001 webrtc-datachannel 65535");
        Section data = ours.agreedData();
        assertThat(data).isNotNull();
        assertThat(data.remote.sctpPort()).isEqualTo(5001);
    }

    @Test
    void anAnswererTakesTheRoleThatIsLeft() {
        String passive = SESSION + DATA + ICE + FINGERPRINT + "a=setup:passive\n";
        assertThat(answer(ours, passive)).contains("a=setup:active");
        String active = SESSION + DATA + ICE + FINGERPRINT + "a=setup:active\n";
        assertThat(answer(theirs, active)).contains("a=setup:passive");
    }

    @Test
    void aDescriptionThatCannotBeMetChangesNothing() {
        assertThatThrownBy(() -> answer(ours, SESSION + DATA + FINGERPRINT))
                .isInstanceOf(NegotiationException.class)
                .hasMessageContaining("ice-ufrag");
        assertThatThrownBy(() -> answer(ours, SESSION + DATA + ICE))
                .isInstanceOf(NegotiationException.class)
                .hasMessageContaining("fingerprint");
        assertThatThrownBy(() -> answer(ours, "hello")).isInstanceOf(NegotiationException.class);
        assertThat(ours.state()).isEqualTo(SignalingState.STABLE);
        assertThat(ours.sections()).isEmpty();
        exchange(ours, theirs);
        assertThat(ours.agreedData()).isNotNull();
    }

    @Test
    void anAnswerMustHaveTheSectionsOfTheOffer() {
        ours.media().addTrack("screen", Codec.VP8);
        ours.setLocal(SdpKind.OFFER, ours.createOffer(transport(1)));
        RemoteDescription tooShort = DescriptionReader.read(SESSION + DATA + "a=mid:0\n" + TRANSPORT);
        assertThatThrownBy(() -> ours.setRemote(SdpKind.ANSWER, tooShort)).isInstanceOf(NegotiationException.class);
        assertThat(ours.state()).isEqualTo(SignalingState.HAVE_LOCAL_OFFER);
    }

    @Test
    void aRejectedTrackDoesNotSend() {
        ours.media().addTrack("screen", Codec.VP8);
        ours.setLocal(SdpKind.OFFER, ours.createOffer(transport(1)));
        ours.setRemote(
                SdpKind.ANSWER,
                DescriptionReader.read(SESSION + "a=group:BUNDLE 0\n" + DATA + "a=mid:0\n" + ICE + FINGERPRINT
                        + "a=setup:active\nm=video 0 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 0.0.0.0\na=mid:1\n"));
        assertThat(ours.sections().get(1).sendsNow()).isFalse();
        assertThat(ours.agreedData()).isNotNull();
        assertThat(ours.createOffer(transport(1))).contains("m=video 0 ");
    }

    @Test
    void aChangedCertificateOrHalfAnIceRestartIsRefused() {
        answer(ours, SESSION + "a=group:BUNDLE 0\n" + DATA + "a=mid:0\n" + TRANSPORT);
        String other = TRANSPORT.replace("AB:AB", "CD:CD");
        assertThatThrownBy(() -> answer(ours, SESSION + "a=group:BUNDLE 0\n" + DATA + "a=mid:0\n" + other))
                .hasMessageContaining("certificate");
        String half = TRANSPORT.replace("ufrag:abcd", "ufrag:efgh");
        assertThatThrownBy(() -> answer(ours, SESSION + "a=group:BUNDLE 0\n" + DATA + "a=mid:0\n" + half))
                .hasMessageContaining("both ice-ufrag and ice-pwd");
        assertThat(ours.state()).isEqualTo(SignalingState.STABLE);
    }

    @Test
    void anOfferWithOtherCredentialsIsAnsweredWithOtherCredentials() {
        String offer = SESSION + "a=group:BUNDLE 0\n" + DATA + "a=mid:0\n" + TRANSPORT;
        answer(ours, offer);
        ours.setRemote(SdpKind.OFFER, DescriptionReader.read(offer));
        assertThat(ours.nextNeedsCredentials()).as("the same offer again").isFalse();
        ours.setLocal(SdpKind.ANSWER, ours.createAnswer(transport(1)));
        String restarted = offer.replace("ufrag:abcd", "ufrag:efgh").replace("pwd:abc", "pwd:xyz");
        ours.setRemote(SdpKind.OFFER, DescriptionReader.read(restarted));
        assertThat(ours.nextNeedsCredentials()).isTrue();
        ours.setLocal(SdpKind.ANSWER, ours.createAnswer(transport(3)));
        assertThat(ours.nextNeedsCredentials()).as("after the exchange").isFalse();
    }

    @Test
    void anAnswerRestartsIceExactlyWhenTheOfferDid() {
        exchange(ours, theirs);
        String answer = theirs.createOffer(transport(2)).replace("actpass", "active");
        String restarted = theirs.createOffer(transport(4)).replace("actpass", "active");
        ours.setLocal(SdpKind.OFFER, ours.createOffer(transport(1)));
        assertThatThrownBy(() -> ours.setRemote(SdpKind.ANSWER, DescriptionReader.read(restarted)))
                .hasMessageContaining("where the offer did not");
        ours.setRemote(SdpKind.ANSWER, DescriptionReader.read(answer));

        ours.restartIce();
        assertThat(ours.nextNeedsCredentials()).isTrue();
        ours.setLocal(SdpKind.OFFER, ours.createOffer(transport(3)));
        assertThatThrownBy(() -> ours.setRemote(SdpKind.ANSWER, DescriptionReader.read(answer)))
                .hasMessageContaining("the answer does not");
        ours.setRemote(SdpKind.ANSWER, DescriptionReader.read(restarted));
        assertThat(ours.state()).isEqualTo(SignalingState.STABLE);
        assertThat(ours.nextNeedsCredentials()).isFalse();
    }

    @Test
    void theOrderOfAnExchangeIsKept() {
        assertThatThrownBy(() -> ours.createAnswer(transport(1))).isInstanceOf(IllegalStateException.class);
        String offer = ours.createOffer(transport(1));
        assertThatThrownBy(() -> ours.setLocal(SdpKind.OFFER, offer + "a=x\r\n"))
                .isInstanceOf(IllegalArgumentException.class);
        ours.setLocal(SdpKind.OFFER, offer);
        assertThatThrownBy(() -> ours.createAnswer(transport(1))).isInstanceOf(IllegalStateException.class);
        theirs.setRemote(SdpKind.OFFER, DescriptionReader.read(offer));
        assertThatThrownBy(() -> theirs.createOffer(transport(2))).isInstanceOf(IllegalStateException.class);
    }
}
