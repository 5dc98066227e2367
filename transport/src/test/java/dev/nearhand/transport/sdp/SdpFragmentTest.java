package dev.nearhand.transport.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SdpFragmentTest {
    private static final String OFFER = """
            v=0
            o=- 1 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0 1
            a=ice-options:trickle ice2
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            c=IN IP4 0.0.0.0
            a=mid:0
            a=ice-ufrag:EsAw
            a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
            a=candidate:1 1 udp 2130706431 192.0.2.1 61764 typ host
            a=rtcp-mux
            a=sendonly
            m=video 0 UDP/TLS/RTP/SAVPF 96
            c=IN IP4 0.0.0.0
            a=mid:1
            a=bundle-only
            a=ice-ufrag:EsAw
            a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
            a=rtcp-mux
            a=sendonly
            """;

    /// As in RFC 9725 section 4.3.2, with its addresses.
    private static final String TRICKLE = """
            a=group:BUNDLE 0 1
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            a=mid:0
            a=ice-ufrag:EsAw
            a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
            a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1
            a=candidate:473322822 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active generation 0 ufrag EsAw
            a=end-of-candidates
            """;

    private static SessionDescription offer() {
        return (SessionDescription) SessionDescription.parse(OFFER);
    }

    private static SdpFragment read(String text) {
        return ((SdpFragment.Read) SdpFragment.parse(text)).fragment();
    }

    @Test
    void theExampleOfTheRfcIsRead() {
        SdpFragment fragment = read(TRICKLE);
        assertThat(fragment.iceUfrag()).contains("EsAw");
        assertThat(fragment.icePwd()).contains("P2uYro0UCOQ4zxjKXaWCBui1");
        assertThat(fragment.candidates()).hasSize(2).first().asString().startsWith("1387637174 1 udp");
        assertThat(fragment.media().getFirst().attributes().endOfCandidates()).isTrue();
    }

    @Test
    void whatIsWrittenReadsBackAsTheSame() {
        SdpFragment fragment = read(TRICKLE);
        assertThat(fragment.write()).isEqualTo(TRICKLE.replace("\n", "\r\n"));
        assertThat(read(fragment.write())).isEqualTo(fragment);
    }

    @Test
    void onlyTheSectionThatGathersIsInTheFragmentOfADescription() {
        assertThat(SdpFragment.of(offer(), true).write().lines())
                .containsExactly(
                        "a=group:BUNDLE 0 1",
                        "a=ice-options:trickle ice2",
                        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
                        "a=mid:0",
                        "a=ice-ufrag:EsAw",
                        "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1",
                        "a=candidate:1 1 udp 2130706431 192.0.2.1 61764 typ host");
        assertThat(SdpFragment.of(offer(), false)
                        .withCandidates(List.of("2 1 udp 1 192.0.2.1 2 typ host"), true)
                        .write()
                        .lines()
                        .skip(5))
                .containsExactly(
                        "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1",
                        "a=candidate:2 1 udp 1 192.0.2.1 2 typ host",
                        "a=end-of-candidates");
    }

    @Test
    void aRestartReplacesCredentialsEverywhereAndCandidatesInOnePlace() {
        SdpFragment restart = read("""
                m=audio 9 UDP/TLS/RTP/SAVPF 111
                a=mid:0
                a=ice-ufrag:ysXw
                a=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k
                a=candidate:3 1 udp 2130706431 192.0.2.9 4000 typ host
                """);
        SessionDescription after = restart.applyTo(offer());
        for (MediaDescription section : after.media()) {
            assertThat(after.iceUfrag(section)).contains("ysXw");
            assertThat(after.icePwd(section)).contains("vw5LmwG4y/e6dPP/zAP9Gp5k");
            assertThat(section.attributes().has("sendonly")).isTrue();
        }
        assertThat(after.media().getFirst().attributes().candidates())
                .containsExactly("3 1 udp 2130706431 192.0.2.9 4000 typ host");
        assertThat(after.media().getLast().attributes().candidates()).isEmpty();
        assertThat(after.write()).doesNotContain("EsAw");
    }

    @Test
    void whatIsNoFragmentSaysInWhichLine() {
        assertThat(SdpFragment.parse("m=audio 9 UDP/TLS/RTP/SAVPF 111\na=mid:0\nnonsense\n"))
                .isInstanceOfSatisfying(SdpFragment.Malformed.class, malformed -> assertThat(malformed.line())
                        .isEqualTo(3));
        assertThat(SdpFragment.parse("m=audio\n")).isInstanceOf(SdpFragment.Malformed.class);
        assertThat(SdpFragment.parse(OFFER)).as("a whole description").isInstanceOf(SdpFragment.Malformed.class);
        assertThat(SdpFragment.parse("")).isInstanceOf(SdpFragment.Malformed.class);
        assertThat(SdpFragment.parse("a=mid:0\n")).isInstanceOf(SdpFragment.Malformed.class);
    }

    @Test
    void everyTruncationAndFlippedBitIsSurvived() {
        for (int length = 0; length < TRICKLE.length(); length++) {
            assertThat(SdpFragment.parse(TRICKLE.substring(0, length))).isNotNull();
        }
        Random random = new Random(8840);
        for (int i = 0; i < 2_000; i++) {
            char[] flipped = TRICKLE.toCharArray();
            flipped[random.nextInt(flipped.length)] ^= (char) (1 << random.nextInt(8));
            if (SdpFragment.parse(new String(flipped)) instanceof SdpFragment.Read(SdpFragment fragment)) {
                // lines that have no place in a fragment are not written again
                assertThat(SdpFragment.parse(fragment.write())).isInstanceOf(SdpFragment.Read.class);
                fragment.applyTo(offer()).write();
            }
        }
    }

    @Test
    void aLogShowsNoAddressOfIt() {
        assertThat(read(TRICKLE)).asString().doesNotContain("192.0.2").doesNotContain("EsAw");
    }
}
