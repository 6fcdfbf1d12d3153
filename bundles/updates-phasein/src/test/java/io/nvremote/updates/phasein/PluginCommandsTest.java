// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.StreamException;
import io.nvremote.runtime.RuntimeError;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.Plugins;
import io.nvremote.updates.UpdateError;
import java.nio.file.Path;
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

    /** Has one, and nothing else is asked of it. */
    private record OnePlugin(String name) implements Plugins {

        @Override
        public List<PluginReport> list() {
            return List.of(
                    new PluginReport(name, "1.0.0", PluginReport.State.ACTIVE, "CN=Acme", "", "", Instant.EPOCH));
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
