// SPDX-License-Identifier: Apache-2.0
package io.nvremote.signaling.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.StreamException;
import io.nvremote.signaling.SignalCodec;
import io.nvremote.signaling.SignalError;

/** Text to tree and back within the limits of the channel: bytes, depth, no duplicate names, nothing behind the end. */
final class StrictJson {

    /** The protocol's own messages nest two deep. */
    static final int MAX_DEPTH = 8;

    private final ObjectMapper mapper;

    StrictJson() {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(SignalCodec.MAX_FRAME_BYTES)
                        .maxNameLength(128)
                        .maxNumberLength(32)
                        .build())
                .build();
        mapper = new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    ObjectNode object() {
        return mapper.createObjectNode();
    }

    ObjectNode read(String text) {
        requireSize(text);
        try {
            JsonNode node = mapper.readTree(text);
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            // Neither the parser's message nor the exception goes on: both quote what was sent.
            long at = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
            throw new StreamException(SignalError.MALFORMED, "a message is not JSON, from character " + at + " on");
        }
        throw new StreamException(SignalError.MALFORMED, "a message is not a JSON object");
    }

    String write(ObjectNode node) {
        try {
            String text = mapper.writeValueAsString(node);
            requireSize(text);
            return text;
        } catch (JsonProcessingException e) {
            throw new StreamException(SignalError.MALFORMED, "a message can't be written as JSON", e);
        }
    }

    private static void requireSize(String text) {
        if (utf8Bytes(text) > SignalCodec.MAX_FRAME_BYTES) {
            throw new StreamException(
                    SignalError.TOO_LARGE, "a message is at most " + SignalCodec.MAX_FRAME_BYTES + " bytes");
        }
    }

    /** Length in UTF-8 without making the bytes; stops counting once past the limit. */
    private static int utf8Bytes(String text) {
        if (text.length() > SignalCodec.MAX_FRAME_BYTES) {
            return text.length();
        }
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair counts two of its four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
