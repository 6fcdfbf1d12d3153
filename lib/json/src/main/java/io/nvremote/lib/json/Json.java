// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.StreamException;
import org.jspecify.annotations.Nullable;

/** JSON trees. Safe for any thread. */
public final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    /** Reads a JSON object; anything else is refused with {@code code}. */
    public static ObjectNode read(String text, ErrorCode code) {
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new StreamException(code, "not JSON", e);
        }
        throw new StreamException(code, "not a JSON object");
    }

    /** A field that must be there and be a text; else it is refused with {@code code}. */
    public static String text(JsonNode node, String field, ErrorCode code) {
        String value = textOrNull(node, field);
        if (value == null) {
            throw new StreamException(code, "the field " + field + " is missing");
        }
        return value;
    }

    /** Null where the field is missing or is no text. */
    public static @Nullable String textOrNull(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value == null || !value.isTextual() ? null : value.textValue();
    }
}
