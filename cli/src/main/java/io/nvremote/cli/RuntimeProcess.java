// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One runtime as a process of its own, with its configuration, bundle cache and log in a folder of its own. */
final class RuntimeProcess implements AutoCloseable {

    private static final int MOST_LINES = 12;

    private final String name;
    private final Path log;
    private final Process process;

    private RuntimeProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts {@code runtimes/<name>/target/<name>.jar}.
     *
     * @param folder the process's own; must exist. Gets {@code cache/} and {@code log.txt}
     * @param config the configurator's JSON file
     * @param environment added to this process's environment
     */
    static RuntimeProcess start(
            Path home, String name, Path folder, Path config, List<String> jvm, Map<String, String> environment) {
        Path jar = home.resolve("runtimes/" + name + "/target/" + name + ".jar");
        if (!Files.exists(jar)) {
            throw new Trouble("runtime " + name + " is not built; run ./build -DskipTests package");
        }
        Path log = folder.resolve("log.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:+UseCompactObjectHeaders");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.addAll(jvm);
        command.add("-Dnvremote.bundles=" + folder.resolve("bundles"));
        command.add("-Dorg.osgi.framework.storage=" + folder.resolve("cache"));
        command.add("-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("natives"));
        command.add("-Dconfigurator.initial=" + config.toUri());
        command.add("-Dlogback.configurationFile=" + home.resolve("runtimes/logback.xml"));
        command.add("-Djava.util.logging.config.file=" + home.resolve("runtimes/logging.properties"));
        command.add("-jar");
        command.add(jar.toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8"); // Folders may have any name.
        builder.environment().putAll(environment);
        try {
            return new RuntimeProcess(name, log, builder.start());
        } catch (IOException e) {
            throw new Trouble("runtime " + name + " can't be started", e);
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Waits for the process to end by itself; false if it did not in that time. */
    boolean await(Duration timeout) throws InterruptedException {
        return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Memory the process holds, in MB (VmRSS of proc(5)); 0 where the system has no such file. */
    long residentMegabytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
            return lines.filter(l -> l.startsWith("VmRSS:"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Processor time used so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The end of the log: what a person needs to see when the process failed. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", telling(lines));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** Its first errors: what comes after may follow from them, over and over. Without any its last warnings, or else its last lines. */
    static List<String> telling(List<String> lines) {
        List<String> errors =
                lines.stream().filter(line -> line.contains("ERROR")).toList();
        if (!errors.isEmpty()) {
            return errors.subList(0, Math.min(MOST_LINES, errors.size()));
        }
        List<String> warnings =
                lines.stream().filter(line -> line.contains("WARN")).toList();
        List<String> shown = warnings.isEmpty() ? lines : warnings;
        return shown.subList(Math.max(0, shown.size() - MOST_LINES), shown.size());
    }

    /** Asks the process to stop, and ends it with its children if it has not within 15 s. Idempotent. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                process.waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
