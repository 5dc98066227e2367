package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceCredentials;
import dev.nearhand.transport.payload.Codec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Which formats two sides agree on.
class CodecNegotiationTest {
    private static final String HEAD = "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE m\n"
            + "a=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuvwx\na=setup:actpass\n"
            + "a=fingerprint:sha-256 " + "AB:".repeat(31) + "AB\n";

    private final Negotiation ours = new Negotiation(new Random(1), "ours");
    private final Negotiation theirs = new Negotiation(new Random(2), "theirs");

    private static LocalTransport transport() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1001);
        return new LocalTransport(
                IceCredentials.generate(new Random(3)),
                List.of(Candidate.host(address, 65_535)),
                true,
                Fingerprint.of("sha-256", new byte[32]),
                5000,
                1 << 20);
    }

    private static String offer(Negotiation negotiation) {
        String offer = negotiation.createOffer(transport());
        negotiation.setLocal(SdpKind.OFFER, offer);
        return offer;
    }

    private static String answer(Negotiation negotiation, String offer) {
        negotiation.setRemote(SdpKind.OFFER, DescriptionReader.read(offer));
        String answer = negotiation.createAnswer(transport());
        negotiation.setLocal(SdpKind.ANSWER, answer);
        return answer;
    }

    private void exchange() {
        ours.setRemote(SdpKind.ANSWER, DescriptionReader.read(answer(theirs, offer(ours))));
    }

    private static String section(String kind, String types, String direction, String... lines) {
        return HEAD + "m=" + kind + " 9 UDP/TLS/RTP/SAVPF " + types + "\nc=IN IP4 0.0.0.0\na=mid:m\na=rtcp-mux\na="
                + direction + "\n" + String.join("\n", lines) + "\n";
    }

    private static List<String> lines(String sdp, String prefix) {
        return Arrays.stream(sdp.split("\r\n"))
                .filter(line -> line.startsWith(prefix))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void aTrackOfAnyCodecIsAgreedOnWithItsRetransmissions(Codec codec) {
        ours.media().addTrack("film", codec);
        exchange();
        Section sending = ours.sections().getLast();
        Section receiving = theirs.sections().getLast();
        assertThat(sending.sendsNow()).isTrue();
        assertThat(receiving.receivesNow()).isTrue();
        assertThat(sending.sent).isNotNull();
        assertThat(sending.sent.codec()).isEqualTo(codec);
        assertThat(sending.sent.hasRtx()).isEqualTo(!codec.isAudio());
        assertThat(sending.sent.singleNalUnits()).isFalse();
        assertThat(receiving.ours).extracting(MediaFormat::payloadType).contains(sending.sent.payloadType());
    }

    @Test
    void aTrackOfSeveralCodecsIsSentInWhatTheAnswerNamesFirst() {
        ours.media().addTrack("film", Codec.VP8, Codec.H264, Codec.AV1);
        theirs.media().acceptVideo(List.of(Codec.AV1, Codec.H264));
        String offer = offer(ours);
        assertThat(lines(offer, "m=video"))
                .containsExactly("m=video 9 UDP/TLS/RTP/SAVPF 96 102 104 106 97 103 105 107");
        ours.setRemote(SdpKind.ANSWER, DescriptionReader.read(answer(theirs, offer)));
        assertThat(ours.sections().getLast().sent).isNotNull();
        assertThat(ours.sections().getLast().sent.codec()).isEqualTo(Codec.H264);
        assertThat(ours.sections().getLast().sendsNow()).isTrue();
    }

    @Test
    void aTrackOfSeveralCodecsAnswersInTheOneThatItWantsMost() {
        theirs.media().addTrack("film", Codec.AV1, Codec.H264, Codec.VP8);
        String answer = answer(
                theirs,
                section(
                        "video",
                        "35 36",
                        "recvonly",
                        "a=rtpmap:35 VP8/90000",
                        "a=rtpmap:36 H264/90000",
                        "a=fmtp:36 packetization-mode=1;profile-level-id=42e01f"));
        assertThat(lines(answer, "m=video")).containsExactly("m=video 9 UDP/TLS/RTP/SAVPF 36");
        assertThat(theirs.sections().getLast().sent.codec()).isEqualTo(Codec.H264);
    }

    @Test
    void theOrderOfAnOfferIsThePreference() {
        ours.media().acceptVideo(List.of(Codec.AV1, Codec.VP8));
        ours.media().addReceiver(false);
        assertThat(lines(offer(ours), "m=video")).containsExactly("m=video 9 UDP/TLS/RTP/SAVPF 106 96 107 97");
    }

    @Test
    void anAnswererSendsInTheFormatOfItsTrackUnderTheOfferersNumber() {
        theirs.media().addTrack("film", Codec.VP9);
        String answer = answer(
                theirs,
                section(
                        "video",
                        "35 36 37 38",
                        "recvonly",
                        "a=rtpmap:35 VP8/90000",
                        "a=rtpmap:36 VP9/90000",
                        "a=fmtp:36 profile-id=2",
                        "a=rtpmap:37 VP9/90000",
                        "a=fmtp:37 profile-id=0",
                        "a=rtpmap:38 rtx/90000",
                        "a=fmtp:38 apt=37"));
        assertThat(lines(answer, "m=video")).containsExactly("m=video 9 UDP/TLS/RTP/SAVPF 37 38");
        assertThat(lines(answer, "a=fmtp:")).containsExactly("a=fmtp:37 profile-id=0", "a=fmtp:38 apt=37");
        assertThat(lines(answer, "a=ssrc-group:FID")).hasSize(1);
    }

    @Test
    void aTrackInAFormatThatTheOtherSideDoesNotKnowIsNotSent() {
        theirs.media().addTrack("film", Codec.AV1);
        String answer = answer(theirs, section("video", "35", "sendrecv", "a=rtpmap:35 VP8/90000"));
        assertThat(lines(answer, "a=recvonly")).hasSize(1);
        assertThat(theirs.sections().getFirst().sendsNow()).isFalse();
    }

    @Test
    void aPeerWithoutRetransmissionStreamsGetsNone() {
        ours.media().addTrack("film", Codec.VP8);
        String answer = answer(theirs, offer(ours))
                .replaceAll("a=rtpmap:97[^\r]*\r\n", "")
                .replaceAll("a=fmtp:97[^\r]*\r\n", "");
        ours.setRemote(SdpKind.ANSWER, DescriptionReader.read(answer));
        assertThat(ours.sections().getLast().sent).isNotNull();
        assertThat(ours.sections().getLast().sent.hasRtx()).isFalse();
    }

    private static final String[] PARITY = {
        "a=rtpmap:35 VP8/90000",
        "a=rtpmap:36 red/90000",
        "a=rtpmap:37 ulpfec/90000",
        "a=rtpmap:38 rtx/90000",
        "a=fmtp:38 apt=36",
        "a=rtpmap:39 H264/90000",
        "a=fmtp:39 packetization-mode=1;profile-level-id=42e01f",
        "a=rtpmap:40 VP9/90000"
    };

    @Test
    void parityIsAnsweredWithTheRetransmissionsOfIt() {
        String answer = answer(theirs, section("video", "35 36 37 38", "sendonly", PARITY));
        assertThat(lines(answer, "m=video")).containsExactly("m=video 9 UDP/TLS/RTP/SAVPF 35 36 37 38");
        assertThat(lines(answer, "a=rtpmap"))
                .containsExactly(
                        "a=rtpmap:35 VP8/90000",
                        "a=rtpmap:36 red/90000",
                        "a=rtpmap:37 ulpfec/90000",
                        "a=rtpmap:38 rtx/90000");
        assertThat(lines(answer, "a=fmtp")).containsExactly("a=fmtp:38 apt=36");
        assertThat(theirs.sections().getFirst().parity).isEqualTo(new ParityFormat(36, 37, 38));
    }

    /// Half of it, formats whose pictures have no numbers, and what we only send in: then it is not answered.
    @ParameterizedTest
    @CsvSource({
        "35 36, sendonly, 35",
        "35 37, sendonly, 35",
        "35 38, sendonly, 35",
        "39 36 37 38, sendonly, 39",
        "35 36 37 38, inactive, 35",
        "39 40 36 37, sendrecv, 39 40 36 37"
    })
    void parityIsAnsweredWhereItIsOfUse(String types, String direction, String answered) {
        String answer = answer(theirs, section("video", types, direction, PARITY));
        assertThat(lines(answer, "m=video")).containsExactly("m=video 9 UDP/TLS/RTP/SAVPF " + answered);
        assertThat(lines(answer, "a=rtpmap")).hasSize(answered.split(" ").length);
    }

    @Test
    void redIsTakenEvenIfItWasNotAnswered() {
        answer(theirs, section("video", "39 36", "sendonly", PARITY));
        assertThat(theirs.sections().getFirst().remote.redPayloadTypes()).containsExactly(36);
        assertThat(theirs.sections().getFirst().parity.isNone()).isTrue();
    }

    @Test
    void redundantSoundIsNotAnswered() {
        String answer = answer(
                theirs,
                section(
                        "audio",
                        "111 36 37",
                        "sendonly",
                        "a=rtpmap:111 opus/48000/2",
                        "a=rtpmap:36 red/90000",
                        "a=rtpmap:37 ulpfec/90000"));
        assertThat(lines(answer, "m=audio")).containsExactly("m=audio 9 UDP/TLS/RTP/SAVPF 111");
    }

    @Test
    void parityIsNeverOurIdeaAndKeepsItsNumbersOnceItIsTheirs() {
        ours.media().addReceiver(false);
        assertThat(offer(ours)).doesNotContain("ulpfec");
        String[] parity = {"a=rtpmap:35 VP8/90000", "a=rtpmap:96 red/90000", "a=rtpmap:97 ulpfec/90000"};
        answer(theirs, section("video", "35 96 97", "sendrecv", parity));
        theirs.media().addTrack("another", Codec.VP9);
        theirs.media().addTrack("more", Codec.H264);
        theirs.media().addReceiver(false);
        List<String> again = lines(theirs.createOffer(transport()), "m=video");
        assertThat(again.getFirst()).isEqualTo("m=video 9 UDP/TLS/RTP/SAVPF 35 96 97");
        assertThat(again).hasSizeGreaterThan(1);
        assertThat(again.subList(1, again.size()))
                .noneMatch(line -> line.contains(" 96 ") || line.endsWith(" 96") || line.contains(" 97"));
    }

    @Test
    void opusIsTakenWithTwoChannelsOnly() {
        String stereo = section("audio", "111", "sendonly", "a=rtpmap:111 opus/48000/2");
        assertThat(lines(answer(theirs, stereo), "a=rtpmap")).containsExactly("a=rtpmap:111 opus/48000/2");
        String mono = section("audio", "111", "sendonly", "a=rtpmap:111 opus/48000");
        assertThat(lines(answer(new Negotiation(new Random(4), "x"), mono), "m=audio"))
                .containsExactly("m=audio 0 UDP/TLS/RTP/SAVPF 111");
    }

    /// RFC 6184 section 8.2.2: the profile stays, the level is our own only where both sides allow that.
    @ParameterizedTest
    @CsvSource({
        "42e01f, 1, 42e034",
        "42e01f, 0, 42e01f",
        "640c3e, 0, 640c34",
        "4d0029, 1, 4d0034",
        "42f00b, 0, 42f00b",
        "420009, 0, 42000b"
    })
    void anAnswerRepeatsTheProfileOfH264(String offered, String asymmetry, String answered) {
        String answer = answer(
                theirs,
                section(
                        "video",
                        "40",
                        "sendonly",
                        "a=rtpmap:40 H264/90000",
                        "a=fmtp:40 level-asymmetry-allowed=" + asymmetry + ";packetization-mode=1;profile-level-id="
                                + offered));
        assertThat(lines(answer, "a=fmtp:40").getFirst())
                .contains("profile-level-id=" + answered)
                .contains("packetization-mode=1");
    }

    @Test
    void aFormatOfH264WithoutParametersIsBaselineInModeZero() {
        String answer = answer(theirs, section("video", "40", "sendonly", "a=rtpmap:40 H264/90000"));
        assertThat(lines(answer, "a=fmtp:40"))
                .containsExactly("a=fmtp:40 packetization-mode=0;profile-level-id=42000a");
        assertThat(theirs.sections().getFirst().remote.mediaFormats().getFirst().singleNalUnits())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"profile-level-id=zz, 1", "profile-level-id=f4001f, 1", "profile-level-id=42e01, 1", "x=1, 2"})
    void h264ThatNobodyHereCanUseIsLeftOut(String parameter, String mode) {
        String answer = answer(
                theirs,
                section(
                        "video",
                        "40",
                        "sendonly",
                        "a=rtpmap:40 H264/90000",
                        "a=fmtp:40 packetization-mode=" + mode + ";" + parameter));
        assertThat(lines(answer, "m=video")).containsExactly("m=video 0 UDP/TLS/RTP/SAVPF 40");
    }

    @Test
    void h264IsSentInModeOneWhereThatIsOffered() {
        MediaFormat zero = new MediaFormat(40, Codec.H264, Map.of(), true, true, true, MediaFormat.NO_RTX);
        MediaFormat one = zero.withParameters(Map.of("packetization-mode", "1"));
        assertThat(CodecCatalog.sendable(List.of(zero, one), Codec.H264)).isEqualTo(one);
        assertThat(CodecCatalog.sendable(List.of(zero), Codec.H264)).isEqualTo(zero);
        assertThat(CodecCatalog.sendable(List.of(zero), Codec.AV1)).isNull();
    }

    @Test
    void av1OfAnotherProfileIsLeftOut() {
        String answer = answer(
                theirs, section("video", "40", "sendonly", "a=rtpmap:40 AV1/90000", "a=fmtp:40 profile=1;level-idx=5"));
        assertThat(lines(answer, "m=video")).containsExactly("m=video 0 UDP/TLS/RTP/SAVPF 40");
    }

    /// webrtc-java 0.14.0 compares levels as if they were names.
    @Test
    void av1IsAnsweredInTheLevelThatWasOffered() {
        for (String level : List.of("5", "13")) {
            String fmtp = "a=fmtp:40 profile=0;tier=0;level-idx=" + level;
            String answer = answer(theirs, section("video", "40", "sendonly", "a=rtpmap:40 AV1/90000", fmtp));
            assertThat(lines(answer, "a=fmtp:40")).singleElement().asString().contains("level-idx=" + level);
        }
    }

    @Test
    void theConstrainedFormsOfBaselineAreOneProfile() {
        for (String id : List.of("42e01f", "42c01f", "4d801f", "58c01f")) {
            assertThat(H264Profile.of(Map.of(H264Profile.PARAMETER, id)))
                    .as(id)
                    .extracting(H264Profile::name)
                    .isEqualTo(H264Profile.Name.CONSTRAINED_BASELINE);
        }
    }
}
