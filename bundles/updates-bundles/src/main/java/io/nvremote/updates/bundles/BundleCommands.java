// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import io.nvremote.lib.commands.CommandSocket;
import io.nvremote.updates.BundleChange;
import io.nvremote.updates.RuntimeBundles;
import io.nvremote.updates.RuntimeBundles.When;
import java.nio.file.Path;

/**
 * What the command line may ask for: {@code {"command":"list"}}, {@code {"command":"history"}},
 * {@code {"command":"update","file":"…"}} and {@code {"command":"rollback","name":"…"}}, the last two with {@code "when"} of
 * {@link When}, {@code update} with {@code "downgrade":"true"} too.
 */
record BundleCommands(RuntimeBundles bundles) implements CommandSocket.Commands {

    @Override
    public void run(JsonNode request, String asker, ObjectNode reply) {
        When when = when(request.path("when").asText("NOW"));
        switch (request.path("command").asText()) {
            case "update" ->
                describe(
                        bundles.update(
                                Path.of(request.path("file").asText()),
                                when,
                                request.path("downgrade").asBoolean()),
                        reply.putObject("change"));
            case "rollback" ->
                describe(bundles.rollback(request.path("name").asText(), when), reply.putObject("change"));
            case "history" -> {
                ArrayNode list = reply.putArray("history");
                bundles.history().forEach(change -> describe(change, list.addObject()));
            }
            case "list" -> {
                ArrayNode list = reply.putArray("bundles");
                bundles.list().forEach(report -> list.addObject()
                        .put("name", report.name())
                        .put("version", report.version())
                        .put("updated", report.updated())
                        .put("waiting", report.waiting())
                        .put("fixed", report.fixed()));
            }
            default -> throw CommandSocket.unknown(request);
        }
    }

    private static When when(String asked) {
        try {
            return When.valueOf(asked);
        } catch (IllegalArgumentException e) {
            throw new StreamException(CoreError.INVALID_VALUE, "unknown time: " + asked, e);
        }
    }

    private static void describe(BundleChange change, ObjectNode into) {
        into.put("name", change.name())
                .put("from", change.from())
                .put("to", change.to())
                .put("state", change.state().name())
                .put("detail", change.detail())
                .put("at", change.at().toString());
    }
}
