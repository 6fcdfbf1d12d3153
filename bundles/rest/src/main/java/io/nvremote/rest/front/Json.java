// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.rest.RestError;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;

/** Reads and writes bodies: snake_case, strict. Safe for any thread. */
final class Json {

    static final int MAX_BODY = 256 * 1024;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxStringLength(64 * 1024)
                            .maxNumberLength(32)
                            .build())
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .addModule(PlainText.module())
            .addModule(SecretText.module())
            .build();

    private Json() {}

    /** A body's bytes. */
    static byte[] all(InputStream body) {
        byte[] bytes;
        try {
            bytes = body.readNBytes(MAX_BODY + 1);
        } catch (IOException e) {
            throw new StreamException(RestError.BODY_CUT_OFF, "the connection ended before the body did", e);
        }
        if (bytes.length > MAX_BODY) {
            throw new StreamException(RestError.BODY_TOO_LARGE, "the body is larger than " + MAX_BODY + " bytes");
        }
        return bytes;
    }

    static Object read(InputStream body, Type type) {
        byte[] bytes = all(body);
        try {
            Object value = MAPPER.readValue(bytes, MAPPER.constructType(type));
            if (value == null) {
                throw new StreamException(RestError.BODY_MALFORMED, "the body must be a JSON object");
            }
            return value;
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new StreamException(
                    RestError.BODY_MALFORMED,
                    "the body breaks its rule at line " + (at == null ? 1 : at.getLineNr()) + " column "
                            + (at == null ? 1 : at.getColumnNr()) + ": " + kind(e),
                    e);
        } catch (IOException e) {
            throw new StreamException(CoreError.INTERNAL, "bytes in memory can't be read", e);
        }
    }

    /** A body that has its bytes already. They are not copied: whoever makes one gives them away. */
    static final class Written {
        private final byte[] bytes;

        Written(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    static byte[] bytes(Object value) {
        if (value instanceof Written written) {
            return written.bytes;
        }
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new StreamException(CoreError.INTERNAL, "a value has no JSON form", e);
        }
    }

    /** What is wrong, without the value: it may be a secret. */
    private static String kind(JsonProcessingException e) {
        if (e instanceof com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException unknown) {
            return "unknown field " + unknown.getPropertyName();
        }
        if (e instanceof com.fasterxml.jackson.databind.JsonMappingException mapping
                && !mapping.getPath().isEmpty()) {
            String field = mapping.getPath().getLast().getFieldName();
            return PlainText.refused(e)
                    ? "field " + field + " has NUL or half of a surrogate pair"
                    : "field " + field + " has the wrong type";
        }
        return "not well-formed JSON";
    }
}
