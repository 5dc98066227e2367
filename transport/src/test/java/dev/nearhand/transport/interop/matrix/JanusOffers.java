package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.VideoCodec;

/// They offer: data from its TextRoom, which speaks a JSON of its own on one channel, and what its VideoRoom shows.
final class JanusOffers extends Cells {
    static final String SENDS_BY_OFFERS = "Janus takes media in answers and sends them in offers";

    private static final String OWN_JSON = "Janus' TextRoom takes messages of its own protocol only";

    /// Under which it answers.
    private static final String CHANNEL = "JanusDataChannel";

    private final Janus janus;

    JanusOffers(Janus janus) {
        super(
                Role.THEY_OFFER,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("ordered offer", OWN_JSON)
                        .put("unordered offer", OWN_JSON)
                        .put("partial offer", OWN_JSON)
                        .put("receive VP8 offer", SENDS_BY_OFFERS)
                        .put("receive VP9 offer", SENDS_BY_OFFERS)
                        .put("receive H264 offer", SENDS_BY_OFFERS)
                        .put("receive AV1 offer", SENDS_BY_OFFERS));
        this.janus = janus;
    }

    private static void answer(Ours ours, Janus.Handle text, String request) {
        JsonNode offer = text.askForDescription("{\"request\":\"" + request + "\"}");
        String answer = ours.answer(offer.at("/jsep/sdp").asText()).sdp();
        text.describe("{\"request\":\"ack\"}", "answer", answer);
    }

    private static void words(Ours ours) {
        ours.ask(
                "{\"textroom\":\"list\",\"transaction\":\"nearhand\"}",
                heard -> heard.contains("\"success\"") && heard.contains("\"nearhand\""));
    }

    @Override
    void data() {
        Janus.Handle text = janus.attach("textroom");
        try (Ours ours = new Ours(PeerConfig.defaults(), CHANNEL)) {
            boolean connected = run(Column.CONNECT, () -> {
                ours.openMain();
                answer(ours, text, "setup");
                words(ours);
            });
            for (Reliability reliability : Reliability.values()) {
                after(connected, reliability.column(), () -> {
                    throw new StepException(OWN_JSON);
                });
            }
            after(connected, Column.RESTART, () -> {
                answer(ours, text, "restart");
                words(ours);
            });
            after(connected, Column.CLOSE, () -> {
                text.hangUp();
                ours.awaitClosed(CLOSE_IS_SEEN_WITHIN);
            });
        }
    }

    @Override
    void trickle() {
        run(Column.TRICKLE, () -> {
            Janus.Handle text = janus.attach("textroom");
            try (Ours ours = new Ours(PeerConfig.defaults(), CHANNEL)) {
                ours.openMain();
                String offer = text.askForDescription("{\"request\":\"setup\"}")
                        .at("/jsep/sdp")
                        .asText();
                String answer = ours.answer(Exchange.stripped(offer)).sdp();
                text.describe("{\"request\":\"ack\"}", "answer", Exchange.stripped(answer));
                Exchange.candidates(answer).forEach(candidate -> text.candidate(candidate, "0"));
                Exchange.candidates(offer).forEach(ours.connection()::addRemoteCandidate);
                words(ours);
            }
        });
    }

    @Override
    void sent(VideoCodec codec) {
        run(Column.sent(codec), () -> {
            throw new StepException("Janus has offered to take media");
        });
    }

    @Override
    void taken(VideoCodec codec, Judge judge) {
        run(Column.taken(codec), () -> {
            try (JanusRoom room = JanusRoom.with(janus, codec)) {
                room.watch(ours -> judge.decoded(codec, ours).check(codec));
            }
        });
    }
}
