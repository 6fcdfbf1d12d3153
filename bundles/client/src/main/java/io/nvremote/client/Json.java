// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.StreamException;
import org.jspecify.annotations.Nullable;

/** JSON trees. Safe for any thread. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    static String pretty(JsonNode node) {
        return node.toPrettyString();
    }

    /** Reads a JSON object; anything else is refused with {@code code}. */
    static ObjectNode read(String text, ErrorCode code) {
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new StreamException(code, "not JSON", e);
        }
        throw new StreamException(code, "not a JSON object");
    }

    static String text(JsonNode node, String field, ErrorCode code) {
        String value = textOrNull(node, field);
        if (value == null) {
            throw new StreamException(code, "the field " + field + " is missing");
        }
        return value;
    }

    static @Nullable String textOrNull(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value == null || !value.isTextual() ? null : value.textValue();
    }
}
