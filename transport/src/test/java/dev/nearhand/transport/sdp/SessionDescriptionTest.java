package dev.nearhand.transport.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.testing.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SessionDescriptionTest {
    /// Our own words, in the shape in which a browser writes them.
    private static final String OFFER = """
            v=0
            o=- 4611731400430051336 2 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0 1 data
            a=group:LS 0 1
            a=extmap-allow-mixed
            a=msid-semantic: WMS screen
            m=audio 9 UDP/TLS/RTP/SAVPF 111 0 200
            c=IN IP4 0.0.0.0
            a=rtcp:9 IN IP4 0.0.0.0
            a=candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host generation 0
            a=candidate:2 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active
            a=ice-ufrag:abcd
            a=ice-pwd:0123456789012345678901
            a=ice-options:trickle ice2
            a=fingerprint:sha-256 AB:CD
            a=setup:actpass
            a=mid:0
            a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
            a=extmap:14/sendonly urn:example:x some words
            a=inactive
            a=rtcp-mux
            a=rtcp-rsize
            a=rtpmap:111 opus/48000/2
            a=fmtp:111 minptime=10;useinbandfec=1; Stereo
            a=rtpmap:200 opus/48000/2
            a=rtcp-fb:* transport-cc
            m=video 9 UDP/TLS/RTP/SAVPF 96 97
            c=IN IP4 0.0.0.0
            b=AS:2000
            a=mid:1
            a=sendonly
            a=msid:screen track
            a=rtpmap:96 VP8/90000
            a=rtcp-fb:96 nack
            a=rtcp-fb:96 nack pli
            a=rtcp-fb:* transport-cc
            a=rtpmap:97 rtx/90000
            a=fmtp:97 apt=96
            a=ssrc-group:FID 4294967295 2
            a=ssrc:4294967295 cname:someone
            a=ssrc:4294967295 msid:screen track
            a=ssrc:2 cname:someone
            m=application 0 UDP/DTLS/SCTP webrtc-datachannel
            c=IN IP4 0.0.0.0
            a=bundle-only
            a=mid:data
            a=sctp-port:5001
            a=max-message-size:262144
            a=end-of-candidates
            a=x-unknown:kept
            """;

    private static SessionDescription read(String text) {
        return (SessionDescription) SessionDescription.parse(text);
    }

    private static SdpError refused(String text) {
        return (SdpError) SessionDescription.parse(text);
    }

    private static MediaDescription section(String lines) {
        return read("v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\n" + lines)
                .media()
                .getFirst();
    }

    @Test
    void everyLineIsKept() {
        assertThat(read(OFFER).write()).isEqualTo(OFFER.replace("\n", "\r\n"));
        assertThat(read(read(OFFER).write())).isEqualTo(read(OFFER));
    }

    @Test
    void theTransportIsReadable() {
        SessionDescription offer = read(OFFER);
        MediaDescription audio = offer.media().getFirst();
        assertThat(offer.iceUfrag(audio)).contains("abcd");
        assertThat(offer.setup(audio)).contains(Setup.ACTPASS);
        assertThat(offer.fingerprints(audio)).containsExactly("sha-256 AB:CD");
        assertThat(audio.attributes().iceOptions()).containsExactlyInAnyOrder("trickle", "ice2");
        assertThat(audio.attributes().candidates()).hasSize(2);
        assertThat(audio.attributes().endOfCandidates()).isFalse();
        assertThat(audio.attributes().rtcpMux()).isTrue();
        assertThat(audio.attributes().rtcpReducedSize()).isTrue();
        assertThat(offer.attributes().first("msid-semantic")).contains(" WMS screen");
    }

    @Test
    void theMediaIsReadable() {
        SessionDescription offer = read(OFFER);
        MediaDescription video = offer.section("1").orElseThrow();
        assertThat(offer.direction(video)).isEqualTo(Direction.SENDONLY);
        assertThat(video.attributes().msids()).containsExactly(new Msid("screen", "track"));
        assertThat(video.attributes().ssrcs()).containsExactly(-1, 2);
        assertThat(video.attributes().ssrcGroups()).containsExactly(new SsrcGroup("FID", List.of(-1, 2)));
        assertThat(video.payloadFormats())
                .containsExactly(
                        new PayloadFormat(96, "VP8", 90_000, 1, Map.of(), List.of("nack", "nack pli", "transport-cc")),
                        new PayloadFormat(97, "rtx", 90_000, 1, Map.of("apt", "96"), List.of("transport-cc")));
        assertThat(offer.media().getFirst().attributes().extMaps())
                .containsExactly(
                        new ExtMap(1, Direction.SENDRECV, "urn:ietf:params:rtp-hdrext:sdes:mid", ""),
                        new ExtMap(14, Direction.SENDONLY, "urn:example:x", "some words"));
    }

    /// Wire case 1.
    @Test
    void aDataSectionHasNoCodecs() {
        MediaDescription data = section("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\n");
        assertThat(data.isDataChannels()).isTrue();
        assertThat(data.isRtp()).isFalse();
        assertThat(data.payloadFormats()).isEmpty();
        assertThat(data.sctpPort()).isEqualTo(5_000);
    }

    @Test
    void theOlderFormOfADataSectionIsUnderstood() {
        MediaDescription data = section("m=application 9 DTLS/SCTP 5000\na=sctpmap:5000 webrtc-datachannel 1024\n");
        assertThat(data.isDataChannels()).isTrue();
        assertThat(data.sctpPort()).isEqualTo(5_000);
    }

    /// Wire case 2.
    @Test
    void everySectionWeWriteHasAConnectionLine() {
        MediaDescription rejected = MediaDescription.of("audio", 0, "UDP/TLS/RTP/SAVPF", List.of("0"), Attributes.NONE);
        String text = SessionDescription.of(Origin.of(1, 1), Attributes.NONE, List.of(rejected))
                .write();
        assertThat(text).endsWith("m=audio 0 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\n");
    }

    /// Wire case 3.
    @Test
    void bundleOnlyIsNotRejected() {
        SessionDescription offer = read(OFFER);
        assertThat(offer.isRejected(offer.section("data").orElseThrow())).isFalse();
        SessionDescription without = read(OFFER.replace("a=group:BUNDLE 0 1 data\n", ""));
        assertThat(without.isRejected(without.section("data").orElseThrow())).isTrue();
        SessionDescription plain = read(OFFER.replace("a=bundle-only\n", ""));
        assertThat(plain.isRejected(plain.section("data").orElseThrow())).isTrue();
    }

    /// Wire case 4.
    @Test
    void sectionsInheritTheTransportOfTheirBundle() {
        SessionDescription offer = read(OFFER);
        MediaDescription data = offer.section("data").orElseThrow();
        assertThat(offer.iceUfrag(data)).contains("abcd");
        assertThat(offer.icePwd(data)).contains("0123456789012345678901");
        assertThat(offer.fingerprints(data)).containsExactly("sha-256 AB:CD");
        assertThat(offer.setup(data)).contains(Setup.ACTPASS);
        assertThat(offer.candidates(data)).hasSize(2);
        assertThat(data.sctpPort()).isEqualTo(5_001);
        assertThat(data.attributes().maxMessageSize()).hasValue(262_144);
    }

    @Test
    void theSessionIsAskedBeforeTheBundle() {
        SessionDescription offer = read(OFFER.replace("a=extmap-allow-mixed\n", "a=ice-ufrag:session\n"));
        assertThat(offer.iceUfrag(offer.section("data").orElseThrow())).contains("session");
        assertThat(offer.iceUfrag(offer.section("0").orElseThrow())).contains("abcd");
    }

    /// Wire case 5.
    @Test
    void anOfferMayHaveNoSections() {
        SessionDescription empty = read("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
        assertThat(empty.media()).isEmpty();
        assertThat(empty.bundle()).isEmpty();
    }

    /// Wire case 6.
    @Test
    void aPayloadTypeAbove127IsRefusedAlone() {
        MediaDescription audio = read(OFFER).media().getFirst();
        assertThat(audio.formats()).contains("200");
        assertThat(audio.payloadFormats())
                .extracting(PayloadFormat::payloadType)
                .containsExactly(111, 0);
        assertThat(audio.payloadFormats().getFirst().parameters())
                .isEqualTo(Map.of("minptime", "10", "useinbandfec", "1", "stereo", ""));
        assertThat(section("m=audio 9 UDP/TLS/RTP/SAVPF 200\na=rtpmap:200 opus/48000/2\n")
                        .payloadFormats())
                .isEmpty();
    }

    /// Wire case 7.
    @Test
    void extmapAllowMixedIsNoExtmap() {
        SessionDescription offer = read(OFFER);
        assertThat(offer.attributes().extmapAllowMixed()).isTrue();
        assertThat(offer.attributes().extMaps()).isEmpty();
    }

    /// Wire case 8.
    @Test
    void twoGroupLinesAreTwoGroups() {
        SessionDescription offer = read(OFFER);
        assertThat(offer.attributes().groups())
                .containsExactly(new Group("BUNDLE", List.of("0", "1", "data")), new Group("LS", List.of("0", "1")));
        assertThat(offer.bundle()).containsExactly("0", "1", "data");
        SessionDescription reversed =
                read(OFFER.replace("a=group:BUNDLE 0 1 data\na=group:LS 0 1", "a=group:LS 0 1\na=group:BUNDLE 0"));
        assertThat(reversed.bundle()).containsExactly("0");
    }

    /// Wire case 9: what a candidate line holds is the business of ICE; none of them fails the description.
    @Test
    void candidatesNobodyCanReadFailNothing() {
        MediaDescription section = section("""
                m=application 9 UDP/DTLS/SCTP webrtc-datachannel
                a=candidate: 1 ssltcp 2113932029 203.0.113.7 443 typ host
                a=candidate:3902535109 1 udp 2122260223 10.0.0.0 32817 generation 0 ufrag wFDM typ host
                a=candidate:1 1 udp not-a-priority 192.0.2.54 50000 typ host
                a=candidate:2 1 udp 2122260223 192.0.2.54 50000 typ zzz
                a=candidate:3 1 udp 2122260223 9:9:9:9:9:9 50000 typ host
                a=candidate:4 1 udp 2122260223 192.0.2.54 50000 typ host
                a=candidate:
                """);
        assertThat(section.attributes().candidates())
                .hasSize(7)
                .contains(" 1 ssltcp 2113932029 203.0.113.7 443 typ host");
        assertThat(section.attributes().endOfCandidates()).isTrue();
    }

    @Test
    void linesMayEndInAnyWay() {
        assertThat(read(OFFER.replace("\n", "\r"))).isEqualTo(read(OFFER));
        assertThat(read(OFFER.replace("\n", "\r\n\r\n"))).isEqualTo(read(OFFER));
        assertThat(read(OFFER.stripTrailing())).isEqualTo(read(OFFER));
    }

    @Test
    void nonsenseInAnAttributeIsAbsent() {
        Attributes attributes = section("""
                        m=video 9 UDP/TLS/RTP/SAVPF 96
                        a=rtpmap:96
                        a=rtpmap:96 VP8
                        a=rtpmap:96 VP8/0
                        a=rtpmap:-1 VP8/90000
                        a=rtpmap:99999999999999999999 VP8/90000
                        a=fmtp:96
                        a=fmtp:x y=z
                        a=rtcp-fb:96
                        a=rtcp-fb:128 nack
                        a=extmap:0 urn:x
                        a=extmap:1/backwards urn:x
                        a=extmap:
                        a=ssrc:4294967296 cname:x
                        a=ssrc:1
                        a=ssrc:1 :
                        a=ssrc-group:
                        a=ssrc-group:FID x
                        a=sctp-port:65536
                        a=max-message-size:-1
                        a=setup:perhaps
                        a=mid:
                        a=group:
                        a=msid:
                        a=
                        a=:value
                        """).attributes();
        assertThat(attributes.rtpMaps()).isEmpty();
        assertThat(attributes.fmtps()).isEmpty();
        assertThat(attributes.rtcpFeedback()).isEmpty();
        assertThat(attributes.extMaps()).isEmpty();
        assertThat(attributes.ssrcAttributes()).isEmpty();
        assertThat(attributes.ssrcGroups()).isEmpty();
        assertThat(attributes.sctpPort()).isEmpty();
        assertThat(attributes.maxMessageSize()).isEmpty();
        assertThat(attributes.setup()).isEmpty();
        assertThat(attributes.mid()).isEmpty();
        assertThat(attributes.groups()).isEmpty();
        assertThat(attributes.msids()).isEmpty();
    }

    @Test
    void whatIsNoDescriptionIsRefusedWithItsLine() {
        String start = "v=0\no=- 1 1 IN IP4 127.0.0.1\n";
        assertThat(refused("")).isEqualTo(new SdpError(1, "is empty"));
        assertThat(refused("\n\n hello").line()).isEqualTo(3);
        assertThat(refused("v=1\n").line()).isEqualTo(1);
        assertThat(refused("v=0\n").reason()).contains("o=");
        assertThat(refused(start + "hello").line()).isEqualTo(3);
        assertThat(refused(start + "m=audio\n").line()).isEqualTo(3);
        assertThat(refused(start + "m=audio 65536 RTP/AVP 0\n").reason()).contains("port");
        assertThat(refused(start + "m=audio 9/0 RTP/AVP 0\n").reason()).contains("port");
        assertThat(refused(start + "o=- 1 1 IN IP4 127.0.0.1\n").reason()).contains("once");
        assertThat(refused(start + "m=audio 9 RTP/AVP 0\n".repeat(600)).reason())
                .contains("512");
        assertThat(refused(start + "a=x\n".repeat(30_000)).reason()).contains("20000");
        assertThat(refused(start + "a=" + "x".repeat(1 << 20)).reason()).contains("longer");
    }

    @Test
    void noValueSmugglesInALine() {
        assertThatThrownBy(() -> new Attribute("mid", "0\r\na=x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Field('c', "\n")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Field('a', "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MediaDescription.of("audio", 9, "RTP/AVP", List.of("0 1"), Attributes.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void typedAttributesAreWrittenAsTheyAreRead() {
        Attributes written = Attributes.of(
                new RtpMap(111, "opus", 48_000, 2).toAttribute(),
                new Fmtp(111, "a=b").toAttribute(),
                new RtcpFeedback(RtcpFeedback.ALL_TYPES, "nack pli").toAttribute(),
                new ExtMap(3, Direction.RECVONLY, "urn:x", "y").toAttribute(),
                new Msid("-", "t").toAttribute(),
                new SsrcAttribute(-2, new Attribute("cname", "c")).toAttribute(),
                new SsrcGroup("FID", List.of(1, -1)).toAttribute(),
                new Group("BUNDLE", List.of("a", "b")).toAttribute());
        assertThat(written.rtpMaps()).containsExactly(new RtpMap(111, "opus", 48_000, 2));
        assertThat(written.fmtps()).containsExactly(new Fmtp(111, "a=b"));
        assertThat(written.rtcpFeedback()).containsExactly(new RtcpFeedback(-1, "nack pli"));
        assertThat(written.extMaps()).containsExactly(new ExtMap(3, Direction.RECVONLY, "urn:x", "y"));
        assertThat(written.msids()).containsExactly(new Msid("-", "t"));
        assertThat(written.ssrcAttributes()).containsExactly(new SsrcAttribute(-2, new Attribute("cname", "c")));
        assertThat(written.ssrcGroups()).containsExactly(new SsrcGroup("FID", List.of(1, -1)));
        assertThat(written.groups()).containsExactly(new Group("BUNDLE", List.of("a", "b")));
    }

    @Test
    void everyTruncationAndEveryFlippedBitIsSurvived() {
        byte[] bytes = OFFER.getBytes(StandardCharsets.ISO_8859_1);
        for (int length = 0; length < bytes.length; length++) {
            exercise(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
        }
        Random random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            byte[] flipped = bytes.clone();
            flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            exercise(new String(flipped, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void theCorpusIsSurvived() throws IOException {
        Optional<Path> corpora = Requires.corpora();
        if (corpora.isPresent()) {
            try (Stream<Path> files = Files.list(corpora.get().resolve("sdp"))) {
                for (Path file : files.toList()) {
                    exercise(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    /// Reads everything there is to read, and what was written again.
    private static void exercise(String text) {
        if (!(SessionDescription.parse(text) instanceof SessionDescription description)) {
            return;
        }
        assertThat(SessionDescription.parse(description.write())).isEqualTo(description);
        for (MediaDescription section : description.media()) {
            Attributes attributes = section.attributes();
            description.isRejected(section);
            description.direction(section);
            description.candidates(section);
            description.fingerprints(section);
            description.iceUfrag(section);
            description.icePwd(section);
            description.setup(section);
            section.payloadFormats();
            section.sctpPort();
            attributes.iceOptions();
            attributes.extMaps().forEach(ExtMap::toAttribute);
            attributes.msids().forEach(Msid::toAttribute);
            attributes.ssrcAttributes().forEach(SsrcAttribute::toAttribute);
            attributes.ssrcGroups().forEach(SsrcGroup::toAttribute);
            attributes.maxMessageSize();
        }
    }
}
