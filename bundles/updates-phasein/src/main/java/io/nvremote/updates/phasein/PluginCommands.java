// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.StreamException;
import io.nvremote.lib.commands.CommandSocket;
import io.nvremote.runtime.RuntimeError;
import io.nvremote.updates.PluginFigures;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.Plugins;
import io.nvremote.updates.UpdateError;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What the command line may ask for: {@code {"command":"install","file":"…"}}, with {@code "development":true} also for a debugger,
 * {@code {"command":"remove","name":"…"}}, {@code {"command":"unquarantine","name":"…"}}, {@code {"command":"list"}},
 * {@code {"command":"show","name":"…"}} or {@code {"command":"log","name":"…","lines":"…"}}.
 *
 * @param log the last lines of a plugin, by name and number; empty if nobody keeps any now
 */
record PluginCommands(Plugins plugins, BiFunction<String, Integer, Optional<List<String>>> log)
        implements CommandSocket.Commands {

    private static final int MOST_LINES = 1000;
    private static final String NOT_MEASURED = "not measured: it shares the host's process";

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
            case "show" -> show(request.path("name").asText(), reply);
            case "log" -> {
                ArrayNode list = reply.putArray("lines");
                lines(request.path("name").asText(), request.path("lines").asInt(MOST_LINES))
                        .forEach(list::add);
            }
            default -> throw CommandSocket.unknown(request);
        }
    }

    /** What can't be measured is said as well: a figure that is missing would read as nought. */
    private void show(String name, ObjectNode reply) {
        PluginFigures figures = plugins.figures(name);
        plugins.list().stream()
                .filter(report -> report.name().equals(name))
                .findFirst()
                .ifPresent(report -> describe(report, reply.putObject("plugin")));
        reply.putObject("measured")
                .put("calls", figures.calls().count())
                .put("stalls", figures.calls().stalls())
                .put("stall_ms", PluginFigures.STALL.toMillis())
                .put("longest_call_ms", figures.calls().longest().toMillis())
                .put("allocated_in_calls_bytes", figures.calls().allocatedBytes())
                .put("threads", figures.threads().count())
                .put("threads_most", figures.threads().most())
                .put("allocated_by_threads_bytes", figures.threads().allocatedBytes())
                .put("deaths_24h", figures.deaths())
                .put("heap_in_use", NOT_MEASURED)
                .put("native_memory", NOT_MEASURED);
        if (!figures.processes().equals(PluginFigures.Processes.NONE)) {
            workers(figures.processes(), reply.putObject("workers"));
        }
    }

    private static void workers(PluginFigures.Processes processes, ObjectNode into) {
        into.put("running", processes.running())
                .put("threads", processes.threads())
                .put("threads_most", processes.mostThreads())
                .put("resident_bytes", processes.residentBytes())
                .put("resident_bytes_most", processes.mostResidentBytes())
                .put("cpu_ms", processes.cpu().toMillis())
                .put("restarts", processes.restarts())
                .put("deaths", processes.deaths())
                .put("calls_unanswered", processes.unanswered());
    }

    /** Also of a plugin that was taken away: its lines say why. */
    private List<String> lines(String name, int most) {
        List<String> lines = log.apply(name, most)
                .orElseThrow(
                        () -> new StreamException(RuntimeError.NO_LOG, "nobody looks after this runtime's log now"));
        if (lines.isEmpty()
                && plugins.list().stream().noneMatch(report -> report.name().equals(name))) {
            throw new StreamException(
                    UpdateError.NOT_INSTALLED, "no plugin is called " + name + ", and none told anything here");
        }
        return lines;
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
