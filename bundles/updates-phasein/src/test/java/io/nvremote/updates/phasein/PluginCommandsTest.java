// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.StreamException;
import io.nvremote.runtime.RuntimeError;
import io.nvremote.updates.PluginFigures;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.Plugins;
import io.nvremote.updates.UpdateError;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PluginCommandsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, List<String>> kept =
            Map.of("com.acme.encoder", List.of("a", "b"), "com.gone", List.of("c"));

    private Optional<List<String>> lines(String name, int most) {
        return Optional.of(
                kept.getOrDefault(name, List.of()).stream().limit(most).toList());
    }

    private static ObjectNode ask(PluginCommands commands, String name) {
        ObjectNode reply = JSON.createObjectNode();
        commands.run(JSON.valueToTree(Map.of("command", "log", "name", name, "lines", "1")), "me", reply);
        return reply;
    }

    @Test
    void the_log_of_a_plugin_that_is_there_or_was_there_is_told_and_of_another_refused() {
        PluginCommands commands = new PluginCommands(new OnePlugin("com.silent"), this::lines);
        assertThat(ask(commands, "com.acme.encoder")).hasToString("{\"lines\":[\"a\"]}");
        assertThat(ask(commands, "com.gone")).hasToString("{\"lines\":[\"c\"]}");
        assertThat(ask(commands, "com.silent")).hasToString("{\"lines\":[]}");
        assertThatThrownBy(() -> ask(commands, "com.nobody"))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(UpdateError.NOT_INSTALLED))
                .hasMessageContaining("com.nobody");
        assertThatThrownBy(() -> ask(new PluginCommands(new OnePlugin("x"), (name, most) -> Optional.empty()), "x"))
                .isInstanceOfSatisfying(
                        StreamException.class, e -> assertThat(e.code()).isEqualTo(RuntimeError.NO_LOG));
    }

    @Test
    void what_was_measured_is_told_and_what_can_not_be() {
        ObjectNode reply = JSON.createObjectNode();
        new PluginCommands(new OnePlugin("com.acme.encoder"), this::lines)
                .run(JSON.valueToTree(Map.of("command", "show", "name", "com.acme.encoder")), "me", reply);
        assertThat(reply.at("/plugin/state").asText()).isEqualTo("ACTIVE");
        JsonNode measured = reply.path("measured");
        assertThat(measured.path("calls").asLong()).isEqualTo(3);
        assertThat(measured.path("stalls").asLong()).isEqualTo(1);
        assertThat(measured.path("longest_call_ms").asLong()).isEqualTo(150);
        assertThat(measured.path("allocated_in_calls_bytes").asLong()).isEqualTo(2048);
        assertThat(measured.path("threads").asInt()).isEqualTo(2);
        assertThat(measured.path("threads_most").asInt()).isEqualTo(5);
        assertThat(measured.path("deaths_24h").asInt()).isEqualTo(1);
        JsonNode workers = reply.path("workers");
        assertThat(workers.path("running").asInt()).isEqualTo(2);
        assertThat(workers.path("threads_most").asInt()).isEqualTo(40);
        assertThat(workers.path("resident_bytes").asLong()).isEqualTo(9 << 20);
        assertThat(workers.path("cpu_ms").asLong()).isEqualTo(3_000);
        assertThat(workers.path("restarts").asInt()).isEqualTo(1);
        assertThat(workers.path("deaths").asInt()).isEqualTo(2);
        assertThat(workers.path("calls_unanswered").asInt()).isEqualTo(1);
        assertThat(measured.path("native_memory").asText()).startsWith("not measured");
    }

    /** Has one, and nothing else is asked of it. */
    private record OnePlugin(String name) implements Plugins {

        @Override
        public List<PluginReport> list() {
            return List.of(
                    new PluginReport(name, "1.0.0", PluginReport.State.ACTIVE, "CN=Acme", "", "", Instant.EPOCH));
        }

        @Override
        public PluginFigures figures(String plugin) {
            return new PluginFigures(
                    new PluginFigures.Calls(3, 1, Duration.ofMillis(150), 2048),
                    new PluginFigures.Threads(2, 5, 4096),
                    1,
                    new PluginFigures.Processes(2, 31, 40, 9 << 20, 12 << 20, Duration.ofSeconds(3), 1, 2, 1));
        }

        @Override
        public PluginReport install(Path jar) {
            throw new UnsupportedOperationException();
        }

        @Override
        public PluginReport installForDevelopment(Path jar) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void unquarantine(String plugin) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void remove(String plugin) {
            throw new UnsupportedOperationException();
        }
    }
}
