// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.lib.commands.CommandSocket;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.Plugins;
import java.nio.file.Path;

/**
 * What the command line may ask for: {@code {"command":"install","file":"…"}}, with {@code "development":true} also for a debugger,
 * {@code {"command":"remove","name":"…"}}, {@code {"command":"unquarantine","name":"…"}} or {@code {"command":"list"}}.
 */
record PluginCommands(Plugins plugins) implements CommandSocket.Commands {

    @Override
    public void run(JsonNode request, String asker, ObjectNode reply) {
        switch (request.path("command").asText()) {
            case "install" -> describe(install(request), reply.putObject("plugin"));
            case "remove" -> plugins.remove(request.path("name").asText());
            case "list" -> {
                ArrayNode list = reply.putArray("plugins");
                plugins.list().forEach(report -> describe(report, list.addObject()));
            }
            case "unquarantine" -> plugins.unquarantine(request.path("name").asText());
            default -> throw CommandSocket.unknown(request);
        }
    }

    private PluginReport install(JsonNode request) {
        Path file = Path.of(request.path("file").asText());
        return request.path("development").asBoolean() ? plugins.installForDevelopment(file) : plugins.install(file);
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
