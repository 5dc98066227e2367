package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.sim.SimWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Descriptions come from the other side: whatever they say, they are met or refused, and nothing else is thrown.
class HostileDescriptionTest {
    private int refused;
    private int met;

    private void apply(String sdp) {
        SimWorld world = new SimWorld(1);
        SimPeer peer = new SimPeer(world, world.host("host", "192.0.2.1"));
        peer.node.run(now -> {
            try {
                peer.core.setRemoteDescription(now, SdpKind.OFFER, sdp);
                String answer = peer.core.createAnswer();
                assertThat(DescriptionReader.read(answer).sections())
                        .hasSameSizeAs(DescriptionReader.read(sdp).sections());
                peer.core.setLocalDescription(now, SdpKind.ANSWER, answer);
                met++;
            } catch (NegotiationException expected) {
                refused++;
            }
        });
        world.runForMillis(100);
    }

    private static String offer() {
        SimWorld world = new SimWorld(7);
        SimPeer peer = new SimPeer(world, world.host("viewer", "192.0.2.2", "2001:db8::2"));
        String[] offer = new String[1];
        peer.node.run(_ -> {
            peer.core.addTrack("film", Codec.VP8);
            peer.core.addReceiver(false);
            offer[0] = peer.core.createOffer();
        });
        return offer[0];
    }

    @Test
    void anOfferOfOursIsMet() {
        apply(offer());
        assertThat(met).isOne();
    }

    @Test
    void anOfferWithAnyLineMissingDoubledOrSwappedIsMetOrRefused() {
        List<String> lines = Arrays.asList(offer().split("\r\n"));
        for (int i = 0; i < lines.size(); i++) {
            List<String> without = new ArrayList<>(lines);
            String line = without.remove(i);
            apply(String.join("\r\n", without) + "\r\n");
            without.add(Math.max(0, i - 1), line);
            apply(String.join("\r\n", without) + "\r\n");
            List<String> twice = new ArrayList<>(lines);
            twice.add(i, line);
            apply(String.join("\r\n", twice) + "\r\n");
        }
        assertThat(met).isPositive();
        assertThat(refused).isPositive();
    }

    @Test
    void anOfferCutOffAnywhereIsMetOrRefused() {
        String offer = offer();
        for (int length = 0; length < offer.length(); length += 7) {
            apply(offer.substring(0, length));
        }
        assertThat(refused).isPositive();
    }

    @Test
    void anOfferWithRandomDamageIsMetOrRefused() {
        String offer = offer();
        Random random = new Random(1);
        for (int round = 0; round < 1_500; round++) {
            StringBuilder damaged = new StringBuilder(offer);
            for (int hit = random.nextInt(6); hit >= 0; hit--) {
                int at = random.nextInt(damaged.length());
                switch (random.nextInt(4)) {
                    case 0 -> damaged.setCharAt(at, (char) random.nextInt(0x250));
                    case 1 -> damaged.deleteCharAt(at);
                    case 2 -> damaged.insert(at, "99999999999");
                    default -> damaged.insert(at, damaged.substring(at, Math.min(damaged.length(), at + 80)));
                }
            }
            apply(damaged.toString());
        }
        assertThat(met).isPositive();
        assertThat(refused).isPositive();
    }

    @Test
    void moreVideoThanThereAreStreamsIsRejectedBeyondTheLimit() {
        String video = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"
                + "a=sendonly\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=setup:actpass\r\n"
                + "a=fingerprint:sha-256 " + "AB:".repeat(31) + "AB\r\n";
        StringBuilder offer = new StringBuilder("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE");
        for (int i = 0; i < 20; i++) {
            offer.append(' ').append(i);
        }
        offer.append("\r\n");
        for (int i = 0; i < 20; i++) {
            offer.append(video).append("a=mid:").append(i).append("\r\n");
        }
        Negotiation negotiation = new Negotiation(new Random(1), "c");
        negotiation.setRemote(SdpKind.OFFER, DescriptionReader.read(offer.toString()));
        assertThat(negotiation.sections().stream().filter(section -> !section.rejected))
                .hasSize(Negotiation.TRACKS_LIMIT);
        apply(offer.toString());
        assertThat(met).isOne();
    }

    @Test
    void everyFileOfTheCorpusIsMetOrRefused() throws IOException {
        Path folder = Requires.corpora().map(corpora -> corpora.resolve("sdp")).orElse(null);
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                apply(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(refused + met).isPositive();
    }
}
