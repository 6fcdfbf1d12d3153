// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.StreamException;
import io.nvremote.lib.commands.CommandSocket;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.Plugins;
import io.nvremote.updates.UpdateError;
import java.nio.file.Path;

/**
 * What the command line may ask for: {@code {"command":"install","file":"…"}}, {@code {"command":"remove","name":"…"}} or
 * {@code {"command":"list"}}.
 */
record PluginCommands(Plugins plugins) implements CommandSocket.Commands {

    @Override
    public void run(JsonNode request, String asker, ObjectNode reply) {
        switch (request.path("command").asText()) {
            case "install" ->
                describe(plugins.install(Path.of(request.path("file").asText())), reply.putObject("plugin"));
            case "remove" -> plugins.remove(request.path("name").asText());
            case "list" -> {
                ArrayNode list = reply.putArray("plugins");
                plugins.list().forEach(report -> describe(report, list.addObject()));
            }
            default -> throw new StreamException(UpdateError.NOT_A_PLUGIN, "unknown command");
        }
    }

    private static void describe(PluginReport report, ObjectNode into) {
        into.put("name", report.name())
                .put("version", report.version())
                .put("state", report.state().name())
                .put("publisher", report.publisher())
                .put("replaced", report.replaced())
                .put("detail", report.detail());
    }
}
