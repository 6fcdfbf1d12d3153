// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench;

import io.nvremote.tests.bench.glass.GlassBench;
import io.nvremote.tests.bench.rest.RestBench;
import io.nvremote.tests.bench.runtime.RuntimeBench;
import io.nvremote.tests.bench.tunnel.EngineBench;
import io.nvremote.tests.bench.tunnel.RelayBench;
import io.nvremote.tests.bench.worker.WorkerBench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./nvremote bench [--strict] [--only NAME]...}: runs the benchmarks one after the other and prints the table. Exit
 * code 0; 1 if one broke or, with {@code --strict}, lacks its peer; 2 for unknown options.
 */
public final class Main {

    private Main() {}

    @SuppressWarnings("SystemOut") // the table is the output
    public static void main(String[] arguments) throws IOException {
        List<Bench> benches = List.of(
                new GlassBench(),
                new WorkerBench(),
                new EngineBench(),
                new RelayBench(),
                new RestBench(),
                new RuntimeBench());
        List<String> words = List.of(arguments);
        List<String> only = words.stream().filter(w -> !w.startsWith("--")).toList();
        List<String> names = benches.stream().map(Bench::name).toList();
        boolean known = words.stream().allMatch(w -> w.equals("--strict") || w.equals("--only") || names.contains(w));
        if (!known || words.contains("--only") == only.isEmpty()) {
            System.err.println("usage: nvremote bench [--strict] [--only NAME]...   names: " + String.join(" ", names));
            System.exit(2);
        }
        Path root = Path.of(System.getProperty("nvremote.home", "."));
        Report report = new Report();
        Map<String, Object> machine = Machine.describe();
        AtomicReference<@Nullable Run> current = new AtomicReference<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(current.get()), "bench-stop"));
        for (Bench bench : benches) {
            if (only.isEmpty() || only.contains(bench.name())) {
                run(bench, report, root, current);
            }
        }
        report.print(System.out);
        Path file = root.resolve("tests/bench/target/bench.json");
        report.write(file, machine);
        System.out.println("\nall figures, round by round: " + root.relativize(file));
        System.exit(report.exitCode(words.contains("--strict")));
    }

    private static void end(@Nullable Run run) {
        if (run != null) {
            run.close();
        }
    }

    @SuppressWarnings("SystemOut")
    private static void run(Bench bench, Report report, Path root, AtomicReference<@Nullable Run> current)
            throws IOException {
        System.out.println(bench.name() + " ...");
        try (Run run = new Run(report, root, line -> System.out.println(line))) {
            current.set(run);
            bench.measure(run);
        } catch (LacksPeer e) {
            report.lacks(bench.name() + ": " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            report.broke(bench.name() + ": BROKEN: " + e);
            e.printStackTrace(System.err);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            report.broke(bench.name() + ": interrupted");
        } finally {
            current.set(null);
        }
    }
}
