package dev.nearhand.app.echo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A description as it travels: `{"sdp", "type"}`.
final class WireDescription {
    /// Far above any real one.
    static final int MAX_BYTES = 256 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper();

    private WireDescription() {}

    static String write(String type, String sdp) {
        ObjectNode object = JSON.createObjectNode().put("sdp", sdp).put("type", type);
        return object.toString();
    }

    /// @throws IllegalArgumentException when it is not a description of that type
    static String read(String type, String text) {
        try {
            JsonNode object = JSON.readTree(text);
            if (object == null
                    || !object.path("type").asText().equals(type)
                    || !object.path("sdp").isTextual()) {
                throw new IllegalArgumentException("not an object with \"sdp\" and the \"type\" " + type);
            }
            return object.get("sdp").asText();
        } catch (JsonProcessingException bad) {
            throw new IllegalArgumentException("not JSON", bad);
        }
    }
}
