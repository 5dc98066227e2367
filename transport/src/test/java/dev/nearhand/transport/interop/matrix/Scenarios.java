package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.VideoCodec;
import java.util.LinkedHashMap;
import java.util.Map;

/// The cells of a program behind a driver.
final class Scenarios extends Cells {
    /// What a channel that may lose messages may lose on a network that does not.
    private static final int LEAST_OF_PARTIAL = Bulk.COUNT / 2;

    private final Peer peer;
    private final PeerConfig config;

    Scenarios(Peer peer, PeerConfig config, Role role, JsonNode cannot) {
        super(role, cannot);
        this.peer = peer;
        this.config = config;
    }

    @Override
    void data() {
        try (Exchange exchange = new Exchange(peer, config, role(), false)) {
            boolean connected = run(Column.CONNECT, () -> {
                exchange.describe(Map.of());
                exchange.awaitConnected();
            });
            for (Reliability reliability : Reliability.values()) {
                after(connected, reliability.column(), () -> transfer(exchange, reliability));
            }
            after(connected, Column.RESTART, () -> restart(exchange));
            after(connected, Column.CLOSE, () -> closing(exchange));
        }
    }

    private void transfer(Exchange exchange, Reliability reliability) {
        String there = "bulk|" + reliability + "|there";
        exchange.ours().sendBulk(there, reliability);
        JsonNode report = peer.await(
                "received", exchange.pc(), event -> event.path("label").asText().equals(there), Peer.PATIENCE);
        check(
                "what they got of ours",
                reliability,
                new Bulk.Received(
                        report.path("count").asInt(),
                        report.path("inOrder").asBoolean(),
                        report.path("sha256").asText()),
                // some bindings do not tell them
                !report.has("ordered")
                        || report.path("ordered").asBoolean()
                                        == reliability.options().ordered()
                                && report.path("maxRetransmits").asInt()
                                        == reliability.options().maxRetransmits(),
                report.path("intact").asBoolean());

        String here = "bulk|" + reliability + "|here";
        Map<String, Object> arguments = new LinkedHashMap<>(reliability.arguments());
        arguments.putAll(Map.of("pc", exchange.pc(), "label", here, "count", Bulk.COUNT, "size", Bulk.SIZE));
        peer.call("bulk", arguments);
        Bulk.Collector collector = exchange.ours().incoming(here);
        Bulk.Received received = collector.await(reliability == Reliability.PARTIAL ? 3_000 : Peer.PATIENCE.toMillis());
        check(
                "what we got of theirs",
                reliability,
                received,
                collector.options().ordered() == reliability.options().ordered()
                        && collector.options().maxRetransmits()
                                == reliability.options().maxRetransmits(),
                collector.intact());
    }

    static void check(
            String what, Reliability reliability, Bulk.Received received, boolean sameOptions, boolean intact) {
        if (!sameOptions) {
            throw new StepException(what + ": the channel has other options than it was opened with");
        }
        if (reliability == Reliability.PARTIAL && received.count() < Bulk.COUNT) {
            if (received.count() < LEAST_OF_PARTIAL || !intact) {
                throw new StepException(what + ": " + received.count() + " of " + Bulk.COUNT + " messages"
                        + (intact ? "" : ", changed on the way"));
            }
            return;
        }
        if (received.count() != Bulk.COUNT || !received.sha256().equals(Bulk.sha256())) {
            throw new StepException(
                    what + ": " + received.count() + " of " + Bulk.COUNT + " messages, hash " + received.sha256());
        }
        if (reliability == Reliability.ORDERED && !received.inOrder()) {
            throw new StepException(what + ": out of order");
        }
    }

    private void restart(Exchange exchange) {
        if (role() == Role.WE_OFFER) {
            exchange.ours().connection().restartIce();
        }
        exchange.describe(Map.of("restart", true));
        exchange.ours().ping("restarted");
        transfer(exchange, Reliability.ORDERED);
    }

    private void closing(Exchange exchange) {
        switch (role()) {
            case WE_OFFER -> {
                exchange.ours().close();
                peer.await("closed", exchange.pc(), _ -> true, CLOSE_IS_SEEN_WITHIN);
            }
            case THEY_OFFER -> {
                peer.call("close", Map.of("pc", exchange.pc()));
                exchange.ours().awaitClosed(CLOSE_IS_SEEN_WITHIN);
            }
        }
    }

    @Override
    void trickle() {
        run(Column.TRICKLE, () -> {
            try (Exchange exchange = new Exchange(peer, config, role(), true)) {
                exchange.describe(Map.of());
                exchange.awaitConnected();
            }
        });
    }

    @Override
    void sent(VideoCodec codec) {
        run(Column.sent(codec), () -> {
            try (Exchange exchange = new Exchange(peer, config, role(), false);
                    Player player = new Player(exchange.ours().connection(), codec)) {
                exchange.describe(Map.of("receive", codec.name()));
                player.start();
                Picture.of(peer.call("frames", Map.of("pc", exchange.pc(), "least", Picture.FRAMES)))
                        .check(codec);
            }
        });
    }

    @Override
    void taken(VideoCodec codec, Judge judge) {
        run(Column.taken(codec), () -> {
            try (Exchange exchange = new Exchange(peer, config, role(), false)) {
                exchange.ours().connection().acceptVideo(codec);
                if (role() == Role.WE_OFFER) {
                    exchange.ours().connection().receiveVideo();
                }
                exchange.describe(Map.of("send", codec.name()));
                judge.decoded(codec, exchange.ours()).check(codec);
            }
        });
    }
}
