package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sdp.Attribute;
import dev.nearhand.transport.sdp.Attributes;
import dev.nearhand.transport.sim.LinkProfile;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `a=sctp-init` in descriptions.
class SctpInitTest {
    private static final Pattern LINE = Pattern.compile("a=sctp-init:([A-Za-z0-9+/=]+)\\r\\n");
    private static final UnaryOperator<String> SAME = UnaryOperator.identity();

    private String offer = "";
    private String answer = "";

    /// Connects two peers; answers whether a message came over.
    private boolean connects(UnaryOperator<String> offerOnTheWay, UnaryOperator<String> answerOnTheWay) {
        PeerCoreSimTest.Scene scene = PeerCoreSimTest.Scene.of(1, LinkProfile.perfect());
        SimPeer host = scene.host();
        SimPeer viewer = scene.viewer();
        viewer.node.run(now -> {
            offer = offerOnTheWay.apply(viewer.core.createOffer());
            viewer.core.setLocalDescription(now, SdpKind.OFFER, viewer.core.createOffer());
        });
        host.node.run(now -> {
            host.core.setRemoteDescription(now, SdpKind.OFFER, offer);
            answer = host.core.createAnswer();
            host.core.setLocalDescription(now, SdpKind.ANSWER, answer);
        });
        viewer.node.run(now -> viewer.core.setRemoteDescription(now, SdpKind.ANSWER, answerOnTheWay.apply(answer)));
        return scene.run(() -> !host.heard.isEmpty(), 20_000);
    }

    @Test
    void isInEveryOfferAndInTheAnswerToOneThatHasIt() {
        assertThat(connects(SAME, SAME)).isTrue();
        assertThat(LINE.matcher(offer).results()).hasSize(1);
        assertThat(LINE.matcher(answer).results()).hasSize(1);
        assertThat(LINE.matcher(answer).results().findFirst().orElseThrow().group(1))
                .isNotEqualTo(
                        LINE.matcher(offer).results().findFirst().orElseThrow().group(1));
    }

    @Test
    void isNotInTheAnswerToAnOfferWithoutIt() {
        assertThat(connects(RoundTrips::withoutSnap, SAME)).isTrue();
        assertThat(answer).doesNotContain("sctp-init");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAA", "", "not base64!", "AQAAFAAAAAAAAQAAAAEAAQAAAAA="})
    void anotherThatMeansNothingIsLikeNone(String value) {
        assertThat(connects(sdp -> LINE.matcher(sdp).replaceAll("a=sctp-init:" + value + "\r\n"), SAME))
                .isTrue();
        assertThat(answer).doesNotContain("sctp-init");
    }

    /// libdatachannel repeats attributes that it does not know, and means nothing by it.
    @Test
    void ourOwnChunkInTheAnswerMeansNothing() {
        UnaryOperator<String> repeats = answered -> {
            Matcher ours = LINE.matcher(offer);
            assertThat(ours.find()).isTrue();
            return answered + ours.group();
        };
        // what the answerer saw had no chunk, so that it begins with packets
        String[] full = new String[1];
        assertThat(connects(
                        sdp -> {
                            full[0] = sdp;
                            return RoundTrips.withoutSnap(sdp);
                        },
                        answered -> {
                            offer = full[0];
                            return repeats.apply(answered);
                        }))
                .isTrue();
    }

    @Test
    void onlyOneOfReasonableLengthIsRead() {
        String chunk = "AQAAFAAAAAEAAQAAAAEAAQAAAAA=";
        Attribute good = new Attribute("sctp-init", chunk);
        assertThat(SctpInit.read(new Attributes(List.of(good))).remaining()).isEqualTo(20);
        assertThat(SctpInit.read(new Attributes(List.of(good, good))).hasRemaining())
                .isFalse();
        Attribute endless = new Attribute("sctp-init", "A".repeat(100_000));
        assertThat(SctpInit.read(new Attributes(List.of(endless))).hasRemaining())
                .isFalse();
    }
}
