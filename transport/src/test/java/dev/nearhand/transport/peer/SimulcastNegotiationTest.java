package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.IceCredentials;
import dev.nearhand.transport.rtp.RtpLayers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is answered to an offer of several sizes at once.
class SimulcastNegotiationTest {
    private static final String HEAD = "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE m\n"
            + "a=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuvwx\na=setup:actpass\n"
            + "a=fingerprint:sha-256 " + "AB:".repeat(31) + "AB\n"
            + "m=video 9 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 0.0.0.0\na=mid:m\na=rtcp-mux\na=sendonly\n"
            + "a=rtpmap:96 VP8/90000\n";
    private static final String EXTENSIONS = "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\n"
            + "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\n"
            + "a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\n";

    private final Negotiation ours = new Negotiation(new Random(1), "ours");

    private List<String> answer(String tail) {
        ours.setRemote(SdpKind.OFFER, DescriptionReader.read(HEAD + tail));
        String answer = ours.createAnswer(new LocalTransport(
                IceCredentials.generate(new Random(3)),
                List.of(),
                true,
                Fingerprint.of("sha-256", new byte[32]),
                5000,
                1 << 20));
        ours.setLocal(SdpKind.ANSWER, answer);
        return Arrays.asList(answer.split("\r\n"));
    }

    private RtpLayers layers() {
        return ours.sections().getFirst().layers;
    }

    @Test
    void theStreamsAreTakenUnderTheOfferersNamesAndNumbers() {
        assertThat(answer(EXTENSIONS + "a=rid:h send\na=rid:l send\na=simulcast:send h;~l\n"))
                .contains(
                        "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
                        "a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
                        "a=rid:h recv",
                        "a=rid:l recv",
                        "a=simulcast:recv h;l");
        assertThat(layers()).isEqualTo(new RtpLayers(List.of("h", "l"), 10, 11));
    }

    @Test
    void ofTooManyStreamsTheMostWantedAreTaken() {
        assertThat(answer(EXTENSIONS
                        + "a=rid:a send\na=rid:b send\na=rid:c send\na=rid:d send\na=simulcast:send d;c;b;a\n"))
                .contains("a=simulcast:recv d;c;b")
                .doesNotContain("a=rid:a recv");
    }

    @Test
    void streamsThatCannotBeToldApartOrAreNotDescribedAreNotTaken() {
        for (String tail : List.of(
                "a=rid:h send\na=rid:l send\na=simulcast:send h;l\n", // no header extension
                EXTENSIONS + "a=rid:h send\na=simulcast:send h;l\n",
                EXTENSIONS + "a=rid:h send\na=rid:l send\n",
                EXTENSIONS + "a=rid:h recv\na=rid:l recv\na=simulcast:recv h;l\n",
                EXTENSIONS + "a=rid:h send\na=rid:l send\na=simulcast:send h;;l\n")) {
            assertThat(answer(tail)).noneMatch(line -> line.startsWith("a=simulcast") || line.startsWith("a=rid"));
            assertThat(layers()).isEqualTo(RtpLayers.NONE);
        }
    }
}
