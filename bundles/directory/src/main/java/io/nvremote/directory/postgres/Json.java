// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.directory.HostMetrics;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The JSON columns of people and hosts. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ParsedTexts<Map<String, String>> FACTS = new ParsedTexts<>(Json::parseFacts);
    private static final ParsedTexts<HostMetrics> FIGURES = new ParsedTexts<>(Json::parseFigures);

    private Json() {}

    static String write(Map<String, String> facts) {
        ObjectNode node = MAPPER.createObjectNode();
        facts.forEach(node::put);
        return node.toString();
    }

    /** What many rows say alike. */
    static Map<String, String> facts(String json) {
        return FACTS.of(json);
    }

    /** What hardly two rows say: it is not kept. */
    static Map<String, String> texts(String json) {
        return parseFacts(json);
    }

    static HostMetrics figures(String json) {
        return FIGURES.of(json);
    }

    private static Map<String, String> parseFacts(String json) {
        Map<String, String> facts = new HashMap<>();
        read(json).properties().forEach(e -> facts.put(e.getKey(), e.getValue().asText()));
        return Map.copyOf(facts);
    }

    static String write(HostMetrics figures) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("at", figures.at().toString());
        node.put("cpu_usage", figures.cpuUsage());
        node.put("memory_total_mb", figures.memoryTotalMb());
        node.put("memory_used_mb", figures.memoryUsedMb());
        node.put("gpu_usage", figures.gpuUsage());
        node.put("gpu_name", figures.gpuName());
        node.put("gpu_vram_total_mb", figures.gpuVramTotalMb());
        node.put("gpu_vram_used_mb", figures.gpuVramUsedMb());
        node.put("streamer_running", figures.streamerRunning());
        node.put("active_sessions", figures.activeSessions());
        node.put("uptime_seconds", figures.uptimeSeconds());
        return node.toString();
    }

    private static HostMetrics parseFigures(String json) {
        JsonNode node = read(json);
        JsonNode gpuUsage = node.path("gpu_usage");
        return new HostMetrics(
                Instant.parse(node.path("at").asText()),
                node.path("cpu_usage").asDouble(),
                number(node, "memory_total_mb"),
                number(node, "memory_used_mb"),
                gpuUsage.isNumber() ? gpuUsage.asDouble() : null,
                node.path("gpu_name").textValue(),
                number(node, "gpu_vram_total_mb"),
                number(node, "gpu_vram_used_mb"),
                node.path("streamer_running").asBoolean(),
                node.path("active_sessions").asInt(),
                node.path("uptime_seconds").asLong());
    }

    private static @Nullable Long number(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isNumber() ? value.asLong() : null;
    }

    private static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new StreamException(CoreError.INTERNAL, "a JSON column can't be read", e);
        }
    }

    /**
     * What texts of a column mean. Most rows say what they said before, and many say the same: each text is parsed once. Remembers
     * at most {@value #MOST}; then everything is forgotten, and parsed again. Safe for any thread.
     *
     * @param <T> immutable
     */
    private static final class ParsedTexts<T> {

        static final int MOST = 10_000;

        private final ConcurrentHashMap<String, T> known = new ConcurrentHashMap<>();
        private final Function<String, T> parser;

        ParsedTexts(Function<String, T> parser) {
            this.parser = parser;
        }

        T of(String text) {
            T value = known.get(text);
            if (value == null) {
                value = parser.apply(text);
                if (known.size() >= MOST) {
                    known.clear();
                }
                known.put(text, value);
            }
            return value;
        }
    }
}
