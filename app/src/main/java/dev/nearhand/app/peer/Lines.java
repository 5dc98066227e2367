package dev.nearhand.app.peer;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/// What goes out: replies and events, a line each, each sent at once. Any thread.
final class Lines {
    private final PrintWriter out;

    Lines(PrintWriter out) {
        this.out = out;
    }

    static ObjectNode object() {
        return Request.MAPPER.createObjectNode();
    }

    void reply(JsonNode id, ObjectNode members) {
        print(object().<ObjectNode>set("id", id).setAll(members));
    }

    void refuse(JsonNode id, String error) {
        reply(id, object().put("error", error));
    }

    void event(String name, String pc, ObjectNode members) {
        print(object().put("event", name).put("pc", pc).setAll(members));
    }

    /// A failure after the reply to its command.
    void failure(String pc, String cmd, String error) {
        event("error", pc, object().put("cmd", cmd).put("error", error));
    }

    private synchronized void print(JsonNode line) {
        try {
            out.println(Request.MAPPER.writeValueAsString(line));
            out.flush();
        } catch (JacksonException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// Milliseconds, to the microsecond.
    static double millis(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }
}
