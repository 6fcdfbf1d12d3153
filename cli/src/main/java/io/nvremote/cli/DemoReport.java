// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;

/** What the headless client saw, and what the processes cost, as a table or as JSON. */
final class DemoReport {

    private DemoReport() {}

    /** Prints; 0 if all that should be seen was seen, else 1. */
    static int print(Demo demo, boolean asJson, PrintWriter out) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode seen = mapper.readTree(Files.readString(demo.reportFile()));
        ObjectNode all = (ObjectNode) seen;
        ObjectNode memory = all.putObject("resident_mb");
        demo.residentMegabytes().forEach(memory::put);
        ObjectNode starts = all.putObject("start_ms");
        demo.startMillis().forEach(starts::put);
        boolean ok = seen.path("ok").asBoolean(false);
        if (asJson) {
            out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all));
        } else {
            table(all, out);
            out.println(ok ? "\nThe host's real picture was seen." : "\nNOT seen as it should be:");
            seen.path("problems").forEach(problem -> out.println("  " + problem.asText()));
        }
        out.flush();
        return ok ? 0 : 1;
    }

    private static void table(JsonNode report, PrintWriter out) {
        out.println();
        rows(report, "start_ms", "process start to ready, ms", out);
        rows(report, "connect_ms", "connect, ms by step", out);
        rows(report, "connect_again_ms", "connect again, ms by step", out);
        rows(report, "frames", "frames", out);
        JsonNode latency = report.path("latency_ms");
        if (!latency.isEmpty()) {
            out.printf(Locale.ROOT, "%-34s %8s %8s %8s%n", "latency, ms", "p50", "p95", "p99");
            for (Map.Entry<String, JsonNode> stage : latency.properties()) {
                JsonNode v = stage.getValue();
                out.printf(
                        Locale.ROOT,
                        "  %-32s %8.2f %8.2f %8.2f%n",
                        stage.getKey(),
                        v.path("p50").asDouble(),
                        v.path("p95").asDouble(),
                        v.path("p99").asDouble());
            }
        }
        out.printf(
                Locale.ROOT,
                "%s, %.1f frames/s, %.2f Mbit/s, loss %.4f, path %s, %s by encoder %s%n",
                report.path("capture").asText() + " " + report.path("width").asText() + "x"
                        + report.path("height").asText(),
                report.path("frames_per_second").asDouble(),
                report.path("bits_per_second").asDouble() / 1e6,
                report.path("loss").asDouble(),
                report.path("path").asText(),
                report.path("codec").asText(),
                report.path("encoder").asText());
        rows(report, "cpu_ms_per_frame", "processor, ms per frame", out);
        rows(report, "resident_mb", "resident memory, MB", out);
    }

    private static void rows(JsonNode report, String field, String title, PrintWriter out) {
        JsonNode node = report.path(field);
        if (node.isEmpty()) {
            return;
        }
        out.println(title);
        Iterator<Map.Entry<String, JsonNode>> fields = node.properties().iterator();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> entry = fields.next();
            JsonNode value = entry.getValue();
            if (value.isFloatingPointNumber()) {
                out.printf(Locale.ROOT, "  %-32s %8.1f%n", entry.getKey(), value.asDouble());
            } else {
                out.printf(Locale.ROOT, "  %-32s %8s%n", entry.getKey(), value.asText());
            }
        }
    }
}
