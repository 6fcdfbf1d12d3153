// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rollouts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.Actor;
import io.nvremote.core.OrgId;
import io.nvremote.lib.commands.CommandSocket;
import java.nio.file.Path;

/** What the operator's command line asks for. Safe for any thread. */
record RolloutCommands(Rollouts rollouts) implements CommandSocket.Commands {

    @Override
    public void run(JsonNode request, String asker, ObjectNode reply) {
        Actor actor = new Actor(Actor.Kind.SYSTEM, null, null, null, "operator " + asker);
        switch (request.path("command").asText()) {
            case "start" ->
                RolloutBook.describe(
                        rollouts.start(
                                BundleJar.read(Path.of(request.path("file").asText())),
                                OrgId.of(request.path("org").asText()),
                                request.path("waves").asText("1,10%,100%"),
                                request.path("at_restart").asBoolean(),
                                actor),
                        reply.putObject("rollout"));
            case "stop" ->
                RolloutBook.describe(rollouts.stop(request.path("id").asText(), actor), reply.putObject("rollout"));
            case "list" -> {
                ArrayNode list = reply.putArray("rollouts");
                rollouts.all().forEach(one -> RolloutBook.describe(one, list.addObject()));
            }
            default -> throw CommandSocket.unknown(request);
        }
    }
}
