package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nearhand.transport.api.VideoCodec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// The cells of one program in one role: each is run, and what came of it is kept.
abstract class Cells {
    static final Duration CLOSE_IS_SEEN_WITHIN = Duration.ofSeconds(5);

    private final Role role;
    private final JsonNode cannot;
    private final Map<Column, Outcome> outcomes = new LinkedHashMap<>();

    /// @param cannot reasons of the program by the key of a column, or by that and what it does: `restart offer`
    Cells(Role role, JsonNode cannot) {
        this.role = role;
        this.cannot = cannot;
    }

    /// One connection: data in every way, an ICE restart by the side that offers, and its end: by us where we offer,
    /// by them where they do.
    abstract void data();

    abstract void trickle();

    /// Ours is shown there.
    abstract void sent(VideoCodec codec);

    /// Theirs is decoded here.
    abstract void taken(VideoCodec codec, Judge judge);

    final Role role() {
        return role;
    }

    final Map<Column, Outcome> outcomes() {
        return outcomes;
    }

    @FunctionalInterface
    interface Step {
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

    /// Whether it works.
    final boolean run(Column column, Step step) {
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

    /// What cannot work where nothing is connected.
    final void after(boolean connected, Column column, Step step) {
        if (connected) {
            run(column, step);
        } else if (isPossible(column)) {
            outcomes.put(column, Outcome.fails("does not connect"));
        }
    }
}
