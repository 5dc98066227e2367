package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.VideoCodec;

/// We offer: data to its EchoTest, which sends everything back, and video to its VideoRoom, which has it seen by a
/// second connection of ours.
final class JanusAnswers extends Cells {
    private static final String ECHO = "{\"audio\":false,\"video\":false,\"data\":true}";

    private final Janus janus;

    JanusAnswers(Janus janus) {
        super(
                Role.WE_OFFER,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("send VP8 answer", JanusOffers.SENDS_BY_OFFERS)
                        .put("send VP9 answer", JanusOffers.SENDS_BY_OFFERS)
                        .put("send H264 answer", JanusOffers.SENDS_BY_OFFERS)
                        .put("send AV1 answer", JanusOffers.SENDS_BY_OFFERS));
        this.janus = janus;
    }

    private static void offer(Ours ours, Janus.Handle echo) {
        JsonNode answer = echo.describe(ECHO, "offer", ours.offer().sdp());
        ours.connection()
                .setRemoteDescription(
                        SessionDescription.answer(answer.at("/jsep/sdp").asText()));
    }

    private static void words(Ours ours, String word) {
        ours.ask(word, heard -> heard.endsWith("You wrote: " + word));
    }

    @Override
    void data() {
        Janus.Handle echo = janus.attach("echotest");
        try (Ours ours = new Ours(PeerConfig.defaults())) {
            boolean connected = run(Column.CONNECT, () -> {
                ours.openMain();
                offer(ours, echo);
                words(ours, "hello");
            });
            for (Reliability reliability : Reliability.values()) {
                after(connected, reliability.column(), () -> transfer(ours, "first", reliability));
            }
            after(connected, Column.RESTART, () -> {
                ours.connection().restartIce();
                offer(ours, echo);
                words(ours, "restarted");
                transfer(ours, "restarted", Reliability.ORDERED);
            });
            after(connected, Column.CLOSE, () -> {
                ours.connection().close();
                echo.awaitHangUp(CLOSE_IS_SEEN_WITHIN);
            });
        }
    }

    /// @param once Janus answers on the first channel of a name
    private static void transfer(Ours ours, String once, Reliability reliability) {
        Bulk.Collector collector = ours.echoedBulk(once + " " + reliability, reliability);
        Scenarios.check(
                "what came back",
                reliability,
                collector.await(reliability == Reliability.PARTIAL ? 3_000 : Peer.PATIENCE.toMillis()),
                true,
                collector.intact());
    }

    @Override
    void trickle() {
        run(Column.TRICKLE, () -> {
            Janus.Handle echo = janus.attach("echotest");
            try (Ours ours = new Ours(PeerConfig.defaults())) {
                ours.openMain();
                String offer = ours.offer().sdp();
                JsonNode event = echo.describe(ECHO, "offer", Exchange.stripped(offer));
                String answer = event.at("/jsep/sdp").asText();
                ours.connection().setRemoteDescription(SessionDescription.answer(Exchange.stripped(answer)));
                Exchange.candidates(offer).forEach(candidate -> echo.candidate(candidate, "0"));
                Exchange.candidates(answer).forEach(ours.connection()::addRemoteCandidate);
                words(ours, "hello");
            }
        });
    }

    @Override
    void sent(VideoCodec codec) {
        run(Column.sent(codec), () -> {
            try (JanusRoom room = JanusRoom.with(janus, codec)) {
                room.watch(ours -> {
                    for (int i = 0; i < Picture.FRAMES; i++) {
                        if (ours.nextFrame().codec() != codec) {
                            throw new StepException("another codec comes out than goes in");
                        }
                    }
                });
            }
        });
    }

    @Override
    void taken(VideoCodec codec, Judge judge) {
        run(Column.taken(codec), () -> {
            throw new StepException("Janus has answered with media of its own");
        });
    }
}
