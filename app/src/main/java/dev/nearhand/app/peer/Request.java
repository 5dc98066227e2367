package dev.nearhand.app.peer;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// One command: a JSON object whose members are asked for by name, kind and range.
///
/// @param id what the reply repeats: a number or a string, or null where there is none
record Request(JsonNode id, ObjectNode members) {
    /// A description with every candidate of a machine with many addresses fits by far.
    static final int LIMIT_BYTES = 1 << 20;

    private static final int DEPTH_LIMIT = 8;
    private static final int NUMBER_CHARS_LIMIT = 32;
    private static final int NAME_CHARS_LIMIT = 64;
    private static final int ID_CHARS_LIMIT = 256;
    private static final int WORD_CHARS_LIMIT = 64;

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_LIMIT)
                            .maxNumberLength(NUMBER_CHARS_LIMIT)
                            .maxNameLength(NAME_CHARS_LIMIT)
                            .maxStringLength(LIMIT_BYTES)
                            .build())
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /// @throws BadRequest when the line is no JSON object, or its `id` is not one
    static Request parse(String line) throws BadRequest {
        JsonNode json;
        try {
            json = MAPPER.readTree(line);
        } catch (JacksonException malformed) {
            throw new BadRequest("this is not JSON: " + malformed.getClass().getSimpleName());
        }
        if (!(json instanceof ObjectNode members)) {
            throw new BadRequest("a command is one JSON object a line");
        }
        JsonNode id = members.path("id");
        boolean isShort = id.asText().length() <= ID_CHARS_LIMIT;
        if (id.isMissingNode() || id.isNull()) {
            return new Request(NullNode.getInstance(), members);
        }
        if (!isShort || !(id.isNumber() || id.isTextual())) {
            throw new BadRequest("id is a number or a string of at most " + ID_CHARS_LIMIT + " characters");
        }
        return new Request(id, members);
    }

    String cmd() throws BadRequest {
        return text("cmd", WORD_CHARS_LIMIT);
    }

    /// The name of the connection, "0" unless given.
    String pc() throws BadRequest {
        return members.has("pc") ? word("pc") : "0";
    }

    /// A name: a string of 1 to 64 characters, or a whole number, and no `|`.
    String word(String name) throws BadRequest {
        JsonNode value = members.path(name);
        String word = value.isTextual() || value.isIntegralNumber() ? value.asText() : "";
        if (word.isEmpty() || word.length() > WORD_CHARS_LIMIT || word.indexOf('|') >= 0) {
            throw new BadRequest(name + " is a name of 1 to " + WORD_CHARS_LIMIT + " characters without |");
        }
        return word;
    }

    String text(String name, int limitChars) throws BadRequest {
        JsonNode value = members.path(name);
        if (!value.isTextual() || value.textValue().length() > limitChars) {
            throw new BadRequest(name + " is a string of at most " + limitChars + " characters");
        }
        return value.textValue();
    }

    boolean flag(String name, boolean fallback) throws BadRequest {
        JsonNode value = members.path(name);
        if (value.isMissingNode()) {
            return fallback;
        }
        if (!value.isBoolean()) {
            throw new BadRequest(name + " is true or false");
        }
        return value.booleanValue();
    }

    /// @param least and `most` are allowed, too
    long number(String name, long least, long most) throws BadRequest {
        JsonNode value = members.path(name);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw new BadRequest(name + " is a whole number from " + least + " to " + most);
        }
        return value.longValue();
    }

    long number(String name, long least, long most, long fallback) throws BadRequest {
        return members.has(name) ? number(name, least, most) : fallback;
    }

    /// Not negative; a fraction may be.
    double decimal(String name, double most, double fallback) throws BadRequest {
        JsonNode value = members.path(name);
        if (value.isMissingNode()) {
            return fallback;
        }
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!(number >= 0 && number <= most)) {
            throw new BadRequest(name + " is a number from 0 to " + (long) most);
        }
        return number;
    }
}
