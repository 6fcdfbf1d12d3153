// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came of a check.
 *
 * @param reason one line; never empty
 * @param figures by name, in order; may be empty
 */
public record Finding(String check, State state, String reason, Map<String, String> figures) {

    /** What is not proven is neither right nor wrong: this machine, or this command, can't show it. */
    public enum State {
        PASS,
        FAIL,
        NOT_PROVEN;

        public String words() {
            return name().replace('_', ' ');
        }

        static State of(String words) {
            return valueOf(words.replace(' ', '_'));
        }
    }

    /** What came of it, by who checks and knows not what it is called. */
    record Outcome(State state, String reason, Map<String, String> figures) {

        static Outcome pass(String reason) {
            return new Outcome(State.PASS, reason, Map.of());
        }

        static Outcome fail(String reason) {
            return new Outcome(State.FAIL, reason, Map.of());
        }

        static Outcome notProven(String reason) {
            return new Outcome(State.NOT_PROVEN, reason, Map.of());
        }

        static Outcome passIf(boolean right, String reason) {
            return right ? pass(reason) : fail(reason);
        }

        Outcome with(String name, Object value) {
            Map<String, String> more = new LinkedHashMap<>(figures);
            more.put(name, value.toString());
            return new Outcome(state, reason, more);
        }

        Finding of(GpuCheck check) {
            return new Finding(check.title(), state, reason.lines().findFirst().orElse("no reason"), figures);
        }
    }

    public ObjectNode json() {
        ObjectNode node = new ObjectMapper().createObjectNode();
        node.put("check", check).put("state", state.words()).put("reason", reason);
        figures.forEach(node.putObject("figures")::put);
        return node;
    }

    static Finding of(JsonNode node) {
        Map<String, String> figures = new LinkedHashMap<>();
        node.path("figures")
                .properties()
                .forEach(each -> figures.put(each.getKey(), each.getValue().asText()));
        return new Finding(
                node.path("check").asText(),
                State.of(node.path("state").asText()),
                node.path("reason").asText(),
                figures);
    }
}
