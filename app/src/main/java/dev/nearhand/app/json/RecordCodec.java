package dev.nearhand.app.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Writes the records of one sealed type as JSON objects and reads them back, strictly: every component has to be there
/// and of its own kind, no name comes twice, nothing follows the object, and the record's own constructor has the last
/// word. A member that a record does not have is left out, so that later versions can add some.
///
/// The member `type` says which record it is: its simple name, beginning in lower case. Any thread.
///
/// @param <T> a sealed interface whose permitted subclasses are all records
public final class RecordCodec<T> {
    private static final String TYPE = "type";
    private static final int DEPTH_LIMIT = 8;
    private static final int NUMBER_CHARS_LIMIT = 32;
    private static final int NAME_CHARS_LIMIT = 64;

    private final int limitBytes;
    private final JsonMapper mapper;
    private final Map<String, Class<? extends T>> types = new HashMap<>();

    /// @param limitBytes a longer message is malformed
    public RecordCodec(Class<T> sealedType, int limitBytes) {
        this.limitBytes = limitBytes;
        for (Class<?> permitted : sealedType.getPermittedSubclasses()) {
            if (!permitted.isRecord()) {
                throw new IllegalArgumentException(permitted + " is not a record");
            }
            types.put(typeOf(permitted), permitted.asSubclass(sealedType));
        }
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_LIMIT)
                        .maxNumberLength(NUMBER_CHARS_LIMIT)
                        .maxNameLength(NAME_CHARS_LIMIT)
                        .maxStringLength(limitBytes)
                        .build())
                // names come from the other side: interned ones would stay for ever
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        JsonMapper.Builder builder = JsonMapper.builder(factory)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        builder.withCoercionConfig(LogicalType.Textual, coercion -> {
            for (CoercionInputShape shape : new CoercionInputShape[] {
                CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean
            }) {
                coercion.setCoercion(shape, CoercionAction.Fail);
            }
        });
        mapper = builder.build();
    }

    /// The longest message that is read.
    public int limitBytes() {
        return limitBytes;
    }

    public String encode(T message) {
        ObjectNode json = mapper.createObjectNode().put(TYPE, typeOf(message.getClass()));
        json.setAll(mapper.<ObjectNode>valueToTree(message));
        try {
            return mapper.writeValueAsString(json);
        } catch (JacksonException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// @param utf8 from position to limit; borrowed
    public Decoded<T> decode(ByteBuffer utf8) {
        if (utf8.remaining() > limitBytes) {
            return new Decoded.Malformed<>("longer than " + limitBytes + " bytes");
        }
        byte[] bytes = new byte[utf8.remaining()];
        utf8.duplicate().get(bytes);
        try {
            if (!(mapper.readTree(bytes) instanceof ObjectNode json)) {
                return new Decoded.Malformed<>("not an object");
            }
            JsonNode type = json.get(TYPE);
            if (type == null || !type.isTextual()) {
                return new Decoded.Malformed<>("no type");
            }
            Class<? extends T> known = types.get(type.textValue());
            return known == null ? new Decoded.Unknown<>() : new Decoded.Message<>(mapper.treeToValue(json, known));
        } catch (IOException | IllegalArgumentException malformed) {
            // the message of the exception may quote what somebody typed
            return new Decoded.Malformed<>(malformed.getClass().getSimpleName());
        }
    }

    private static String typeOf(Class<?> type) {
        String name = type.getSimpleName();
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }
}
