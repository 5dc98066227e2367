package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.VideoCodec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Runs the columns with one program, in one role.
final class Scenarios {
    private static final Duration CLOSE_IS_SEEN_WITHIN = Duration.ofSeconds(5);

    /// What a channel that may lose messages may lose on a network that does not.
    private static final int LEAST_OF_PARTIAL = Bulk.COUNT / 2;

    private final Peer peer;
    private final PeerConfig config;
    private final Role role;
    private final JsonNode cannot;
    private final Map<Column, Outcome> outcomes = new LinkedHashMap<>();

    /// @param cannot reasons of the program by the key of a column, or by that and what it does: `restart offer`
    Scenarios(Peer peer, PeerConfig config, Role role, JsonNode cannot) {
        this.peer = peer;
        this.config = config;
        this.role = role;
        this.cannot = cannot;
    }

    Map<Column, Outcome> outcomes() {
        return outcomes;
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    private boolean isPossible(Column column) {
        JsonNode reason = cannot.path(role.theirs());
        if (reason.isMissingNode()) {
            reason = cannot.path(column.key() + " " + role.theirs());
        }
        if (reason.isMissingNode()) {
            reason = cannot.path(column.key());
        }
        if (!reason.isMissingNode()) {
            outcomes.put(column, Outcome.cannotBe(reason.asText()));
        }
        return reason.isMissingNode();
    }

    private boolean run(Column column, Step step) {
        if (!isPossible(column)) {
            return false;
        }
        try {
            step.run();
            outcomes.put(column, Outcome.WORKS);
            return true;
        } catch (Exception failure) {
            String message = failure instanceof StepException ? failure.getMessage() : failure.toString();
            outcomes.put(column, Outcome.fails(message));
            return false;
        }
    }

    /// One connection: data in every way, an ICE restart by the side that offers, and its end: by us where we offer,
    /// by them where they do.
    void data() {
        try (Exchange exchange = new Exchange(peer, config, role, false)) {
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

    private void after(boolean connected, Column column, Step step) {
        if (connected) {
            run(column, step);
        } else if (isPossible(column)) {
            outcomes.put(column, Outcome.fails("does not connect"));
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

    private static void check(
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
        if (role == Role.WE_OFFER) {
            exchange.ours().connection().restartIce();
        }
        exchange.describe(Map.of("restart", true));
        exchange.ours().ping("restarted");
        transfer(exchange, Reliability.ORDERED);
    }

    private void closing(Exchange exchange) {
        switch (role) {
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

    void trickle() {
        run(Column.TRICKLE, () -> {
            try (Exchange exchange = new Exchange(peer, config, role, true)) {
                exchange.describe(Map.of());
                exchange.awaitConnected();
            }
        });
    }

    /// Ours is shown there.
    void sent(VideoCodec codec) {
        run(Column.sent(codec), () -> {
            try (Exchange exchange = new Exchange(peer, config, role, false);
                    Player player = new Player(exchange.ours().connection(), codec)) {
                exchange.describe(Map.of("receive", codec.name()));
                player.start();
                Picture.of(peer.call("frames", Map.of("pc", exchange.pc(), "least", Picture.FRAMES)))
                        .check(codec);
            }
        });
    }

    /// Theirs is decoded here.
    void taken(VideoCodec codec, Judge judge) {
        run(Column.taken(codec), () -> {
            try (Exchange exchange = new Exchange(peer, config, role, false)) {
                exchange.ours().connection().acceptVideo(codec);
                if (role == Role.WE_OFFER) {
                    exchange.ours().connection().receiveVideo();
                }
                exchange.describe(Map.of("send", codec.name()));
                judge.decoded(codec, exchange.ours()).check(codec);
            }
        });
    }
}
