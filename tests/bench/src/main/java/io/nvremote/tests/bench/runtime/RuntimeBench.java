// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.core.Clock;
import io.nvremote.tests.bench.Aim;
import io.nvremote.tests.bench.Bench;
import io.nvremote.tests.bench.Child;
import io.nvremote.tests.bench.LacksPeer;
import io.nvremote.tests.bench.Row;
import io.nvremote.tests.bench.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The four runtimes as a user starts them: connect to first frame and resident memory from the demo, held against their
 * limits, then cold starts with and without an AOT cache of the JDK.
 */
public final class RuntimeBench implements Bench {

    private static final int ROUNDS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final double CONNECT_LIMIT_MS = 1000;
    private static final Map<String, Double> MEMORY_LIMITS_MB =
            Map.of("client", 300.0, "host-agent", 350.0, "gateway", 150.0, "control-plane", 300.0);

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public String name() {
        return "runtime";
    }

    @Override
    public void measure(Run run) throws IOException, InterruptedException {
        Path cli = run.root().resolve("cli/target/nvremote-cli.jar");
        if (!Files.exists(cli)) {
            throw new LacksPeer("the demo", "it is not built: ./build -DskipTests package");
        }
        List<JsonNode> demos = new ArrayList<>();
        Path kept = run.folder().resolve("demo0");
        Map<String, List<String>> commands = new TreeMap<>();
        for (int i = 0; i < ROUNDS; i++) {
            JsonNode figures = demo(run, cli, run.folder().resolve("demo" + i), commands);
            demos.add(figures);
            run.say("demo: connect to first frame "
                    + figures.at("/connect_ms/connect_to_first_frame").asLong() + " ms, again "
                    + figures.at("/connect_again_ms/connect_to_first_frame").asLong() + " ms, memory "
                    + figures.path("resident_mb"));
        }
        run.add(new Row(
                "runtime",
                "connect to first frame, warm",
                "ms",
                "limit",
                values(demos, "connect_again_ms", "connect_to_first_frame"),
                List.of(CONNECT_LIMIT_MS),
                Aim.atMost(1),
                Map.of(
                        "steps",
                        demos.stream().map(d -> d.path("connect_again_ms")).toList())));
        run.add(new Row(
                "runtime",
                "connect to first frame, first of its processes",
                "ms",
                "",
                values(demos, "connect_ms", "connect_to_first_frame"),
                List.of(),
                null,
                Map.of("steps", demos.stream().map(d -> d.path("connect_ms")).toList())));
        MEMORY_LIMITS_MB.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> run.add(Row.limit(
                        "runtime",
                        "resident memory, " + e.getKey(),
                        "MB",
                        values(demos, "resident_mb", e.getKey()),
                        e.getValue())));
        for (String name : List.of("control-plane", "gateway", "host-agent")) {
            run.add(new Row(
                    "runtime",
                    "start in the demo, " + name,
                    "ms",
                    "",
                    values(demos, "start_ms", name),
                    List.of(),
                    null,
                    Map.of("note", "empty data folder; the database is made, the host enrols")));
        }
        new ColdStarts(run, kept, commands).measure();
    }

    private JsonNode demo(Run run, Path cli, Path folder, Map<String, List<String>> commands)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(
                run.folder(), java.nio.file.attribute.PosixFilePermissions.fromString("rwx--x--x"));
        Child demo = Child.start(
                run,
                Map.of("XDG_STATE_HOME", folder.resolve("state").toString()),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dnvremote.home=" + run.root(),
                        "-jar",
                        cli.toString(),
                        "demo",
                        "--headless",
                        "--seconds",
                        "10",
                        "--capture",
                        "testcard",
                        "--json",
                        "--folder",
                        folder.toString()));
        for (long end = Clock.system().nanos() + PATIENCE.toNanos();
                demo.alive() && Clock.system().nanos() < end; ) {
            for (String name : MEMORY_LIMITS_MB.keySet()) {
                if (!commands.containsKey(name)
                        && !demo.startedBy("/" + name + ".jar").isEmpty()) {
                    commands.put(name, demo.startedBy("/" + name + ".jar"));
                }
            }
            Clock.system().sleep(Duration.ofMillis(200));
        }
        String output = demo.finish(Duration.ofSeconds(1));
        int begin = output.indexOf("\n{") + 1;
        int end = output.lastIndexOf('}');
        if (end < begin || output.charAt(begin) != '{') {
            throw new IOException("the demo gave no figures: " + output);
        }
        JsonNode figures = json.readTree(output.substring(begin, end + 1));
        if (!figures.path("ok").asBoolean()) {
            throw new IOException("the demo did not show what it should: " + figures.path("problems"));
        }
        return figures;
    }

    /** One value per demo; NaN, which meets no limit, where the demo has no such figure. */
    private static List<Double> values(List<JsonNode> demos, String group, String name) {
        return demos.stream()
                .map(d -> d.path(group).path(name).asDouble(Double.NaN))
                .toList();
    }
}
