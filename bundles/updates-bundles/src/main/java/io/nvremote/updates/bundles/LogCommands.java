// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.bundles;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.StreamException;
import io.nvremote.lib.commands.CommandSocket;
import io.nvremote.lib.services.Asked;
import io.nvremote.runtime.BundleLevel;
import io.nvremote.runtime.RuntimeError;
import io.nvremote.runtime.RuntimeLog;
import java.util.function.Function;
import org.osgi.framework.BundleContext;

/**
 * What the command line may ask of the log: {@code {"command":"log-levels"}} and
 * {@code {"command":"log-level","bundle":"…","level":"…"}}; anything else is {@code others}' business.
 */
record LogCommands(BundleContext context, CommandSocket.Commands others) implements CommandSocket.Commands {

    @Override
    public void run(JsonNode request, String asker, ObjectNode reply) {
        switch (request.path("command").asText()) {
            case "log-levels" -> {
                ArrayNode list = reply.putArray("levels");
                ask(RuntimeLog::levels).forEach(level -> describe(level, list.addObject()));
            }
            case "log-level" ->
                describe(
                        ask(log -> log.level(
                                request.path("bundle").asText(),
                                request.path("level").asText())),
                        reply.putObject("level"));
            default -> others.run(request, asker, reply);
        }
    }

    private <T> T ask(Function<RuntimeLog, T> question) {
        return Asked.now(context, RuntimeLog.class, question)
                .orElseThrow(
                        () -> new StreamException(RuntimeError.NO_LOG, "nobody looks after this runtime's log now"));
    }

    private static void describe(BundleLevel level, ObjectNode into) {
        into.put("bundle", level.bundle()).put("level", level.level()).put("detail", level.detail());
    }
}
