package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.VideoCodec;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A room of Janus' VideoRoom in which a connection of ours shows the recording.
final class JanusRoom implements AutoCloseable {
    private static final AtomicInteger LAST = new AtomicInteger(100);

    private final Janus janus;
    private final VideoCodec codec;
    private final int room = LAST.incrementAndGet();
    private final Ours publisher = new Ours(PeerConfig.defaults());
    private final Player player;
    private final long feed;

    private JanusRoom(Janus janus, VideoCodec codec) {
        this.janus = janus;
        this.codec = codec;
        player = new Player(publisher.connection(), codec);
        Janus.Handle handle = janus.attach("videoroom");
        handle.ask("{\"request\":\"create\",\"room\":%d,\"publishers\":2,\"videocodec\":\"%s\"}"
                .formatted(room, codec.name().toLowerCase(Locale.ROOT)));
        JsonNode joined = handle.describe(
                "{\"request\":\"joinandconfigure\",\"room\":%d,\"ptype\":\"publisher\"}".formatted(room),
                "offer",
                publisher.offer().sdp());
        if (!joined.has("jsep")) {
            throw new StepException("the room does not let us in: " + joined.at("/plugindata/data"));
        }
        publisher
                .connection()
                .setRemoteDescription(
                        SessionDescription.answer(joined.at("/jsep/sdp").asText()));
        handle.awaitUp(); // there is nothing to subscribe to before
        feed = joined.at("/plugindata/data/id").asLong();
    }

    static JanusRoom with(Janus janus, VideoCodec codec) {
        JanusRoom room = new JanusRoom(janus, codec);
        room.player.start();
        return room;
    }

    /// @param look at the connection that sees what is shown
    void watch(Consumer<Ours> look) {
        Janus.Handle handle = janus.attach("videoroom");
        JsonNode offer = handle.askForDescription(
                "{\"request\":\"join\",\"room\":%d,\"ptype\":\"subscriber\",\"streams\":[{\"feed\":%d}]}"
                        .formatted(room, feed));
        try (Ours viewer = new Ours(PeerConfig.defaults())) {
            viewer.connection().acceptVideo(codec);
            String answer = viewer.answer(offer.at("/jsep/sdp").asText()).sdp();
            handle.describe("{\"request\":\"start\"}", "answer", answer);
            look.accept(viewer);
        }
    }

    @Override
    public void close() {
        player.close();
        publisher.close();
    }
}
