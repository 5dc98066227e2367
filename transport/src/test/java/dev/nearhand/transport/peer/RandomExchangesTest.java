package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.sdp.Attributes;
import dev.nearhand.transport.sdp.MediaDescription;
import dev.nearhand.transport.sdp.SessionDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random legal operations of two sides, their descriptions exchanged: whatever they do, both agree on the same
/// sections.
class RandomExchangesTest {
    private static final int STEPS = 40;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 500);
    }

    /// One run: two sides, and what they did.
    private static final class Run {
        final long seed;
        final Random random;
        final Negotiator polite;
        final Negotiator impolite;
        final List<String> log = new ArrayList<>();

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            BundlePolicy policy = BundlePolicy.values()[random.nextInt(3)];
            this.polite = new Negotiator(2 * seed, policy);
            this.impolite = new Negotiator(2 * seed + 1);
        }

        String story() {
            return "seed " + seed + ": " + String.join(", ", log);
        }

        Negotiator either() {
            return random.nextBoolean() ? polite : impolite;
        }

        Negotiator other(Negotiator side) {
            return side == polite ? impolite : polite;
        }

        void wish() {
            Negotiator side = either();
            MediaAgreement media = side.negotiation.media();
            String who = side == polite ? "polite " : "impolite ";
            try {
                switch (random.nextInt(8)) {
                    case 0, 1 -> {
                        Codec codec = Codec.values()[random.nextInt(Codec.values().length)];
                        log.add(who + "adds " + codec);
                        media.addTrack("t" + random.nextInt(1_000), codec);
                    }
                    case 2 -> {
                        log.add(who + "wants");
                        media.addReceiver(random.nextBoolean());
                    }
                    case 3 -> {
                        log.add(who + "removes");
                        side.negotiation.removeTrack(random.nextInt(12));
                    }
                    case 4 -> {
                        log.add(who + "stops a track");
                        side.negotiation.stopTrack(random.nextInt(12));
                    }
                    case 5 -> {
                        if (!side.sections().isEmpty()) {
                            log.add(who + "stops a section");
                            int index = random.nextInt(side.sections().size());
                            side.negotiation.stopSection(side.sections().get(index).id);
                        }
                    }
                    case 6 -> {
                        List<Codec> codecs = new ArrayList<>(CodecCatalog.VIDEO);
                        codecs.removeIf(_ -> random.nextInt(3) == 0);
                        log.add(who + "accepts " + codecs);
                        media.acceptVideo(codecs.isEmpty() ? CodecCatalog.VIDEO : codecs);
                    }
                    default -> {
                        log.add(who + "restarts");
                        side.negotiation.restartIce();
                    }
                }
            } catch (IllegalStateException full) {
                log.add("which is too much");
            }
        }

        void maybeWish() {
            if (random.nextInt(4) == 0) {
                wish();
            }
        }

        void step() {
            Negotiator offerer = either();
            Negotiator answerer = other(offerer);
            int kind = random.nextInt(7);
            log.add((offerer == polite ? "polite" : "impolite") + " exchange " + kind);
            switch (kind) {
                case 0, 1 -> exchange(offerer, answerer, false);
                case 2 -> exchange(offerer, answerer, true);
                case 3 -> {
                    offerer.offer();
                    maybeWish();
                    offerer.rollBack();
                }
                case 4 -> {
                    answerer.take(SdpKind.OFFER, offerer.offer());
                    maybeWish();
                    answerer.take(SdpKind.ROLLBACK, "");
                    offerer.rollBack();
                }
                case 5 -> glare();
                default -> {
                    String first = offerer.offer();
                    answerer.take(SdpKind.OFFER, first);
                    maybeWish();
                    answerer.take(SdpKind.OFFER, offerer.offer());
                    finish(offerer, answerer, false);
                }
            }
        }

        private void exchange(Negotiator offerer, Negotiator answerer, boolean provisional) {
            String offer = offerer.offer();
            checkOffer(offer);
            maybeWish();
            answerer.take(SdpKind.OFFER, offer);
            finish(offerer, answerer, provisional);
        }

        private void finish(Negotiator offerer, Negotiator answerer, boolean provisional) {
            maybeWish();
            if (provisional) {
                offerer.take(SdpKind.PRANSWER, answerer.answer(SdpKind.PRANSWER));
                maybeWish();
            }
            String answer = answerer.answer(SdpKind.ANSWER);
            maybeWish();
            offerer.take(SdpKind.ANSWER, answer);
            checkAgreement();
        }

        /// Perfect negotiation: both offer; the impolite one does not hear of it, the polite one gives way.
        private void glare() {
            String mine = impolite.offer();
            polite.offer();
            maybeWish();
            polite.take(SdpKind.OFFER, mine);
            finish(impolite, polite, random.nextBoolean());
        }

        /// Within one bundle a payload type means one thing, and there is one name for each section.
        private void checkOffer(String offer) {
            SessionDescription description = (SessionDescription) SessionDescription.parse(offer);
            Set<String> mids = new HashSet<>();
            Map<Integer, String> meanings = new HashMap<>();
            for (MediaDescription media : description.media()) {
                Attributes attributes = media.attributes();
                assertThat(mids.add(attributes.mid().orElseThrow())).as(story()).isTrue();
                if (!description.isRejected(media)) {
                    attributes.rtpMaps().forEach(map -> {
                        String before = meanings.putIfAbsent(map.payloadType(), map.encoding());
                        assertThat(before == null || before.equals(map.encoding()))
                                .as("%s: %d is %s and %s", story(), map.payloadType(), before, map.encoding())
                                .isTrue();
                    });
                }
            }
        }

        void checkAgreement() {
            List<Section> ours = polite.sections();
            List<Section> theirs = impolite.sections();
            assertThat(polite.state()).as(story()).isEqualTo(SignalingState.STABLE);
            assertThat(impolite.state()).as(story()).isEqualTo(SignalingState.STABLE);
            assertThat(ours).as(story()).hasSameSizeAs(theirs);
            Set<String> mids = new HashSet<>();
            for (int i = 0; i < ours.size(); i++) {
                Section one = ours.get(i);
                Section two = theirs.get(i);
                String where = story() + ", section " + i;
                assertThat(one.ended).as(where).isEqualTo(two.ended);
                assertThat(one.media).as(where).isEqualTo(two.media);
                assertThat(one.ended || mids.add(one.mid)).as(where).isTrue();
                if (!one.ended) {
                    assertThat(one.mid).as(where).isEqualTo(two.mid);
                    assertMirrored(one, two, where);
                    assertMirrored(two, one, where);
                }
            }
        }

        /// What one side sends the other one takes; and what one takes the other sends, where it has something to send
        /// that is taken. What a side ended since it said otherwise is left out.
        private static void assertMirrored(Section sender, Section receiver, String where) {
            if (sender.sendsNow() && !receiver.stopping) {
                assertThat(receiver.receivesNow())
                        .as("%s: is sent, and taken", where)
                        .isTrue();
            }
            if (receiver.receivesNow() && sender.track != null && sender.sent != null && !sender.stopping) {
                assertThat(sender.sendsNow())
                        .as("%s: is taken, and sent", where)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @Execution(ExecutionMode.CONCURRENT)
    void bothSidesAgreeOnTheSameSections(long seed) {
        Run run = new Run(seed);
        for (int step = 0; step < STEPS; step++) {
            for (int wishes = run.random.nextInt(3); wishes > 0; wishes--) {
                run.wish();
            }
            run.step();
        }
        // what is wanted at the end is agreed on by one exchange of each side
        run.exchange(run.polite, run.impolite, false);
        run.exchange(run.impolite, run.polite, false);
        run.checkAgreement();
    }
}
