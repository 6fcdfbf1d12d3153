// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench;

import io.nvremote.core.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that a benchmark started; its output goes to a file. Ended by its own id. Safe for any thread. */
public final class Child implements AutoCloseable {

    /** Ticks of /proc/pid/stat in a second: USER_HZ is 100 on every Linux (proc(5)). */
    private static final double TICKS = 100;

    private final Process process;
    private final Path log;

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts a command; belongs to the run. */
    public static Child start(Run run, Map<String, String> environment, List<String> command) throws IOException {
        Path log = Files.createTempFile(run.folder(), "child", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return run.own(new Child(builder.start(), log));
    }

    /** The command line of a JVM with this class path that runs another main class of this module. */
    public static List<String> java(Class<?> main, List<String> arguments) {
        return java(main, List.of(), arguments);
    }

    /** The same with further flags of the JVM. */
    public static List<String> java(Class<?> main, List<String> flags, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile", "")));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }

    /** For the main of a child: ends this process when the one that started it is gone. */
    public static void endWithParent() {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // nobody writes; the end of the stream is the parent's
                }
            } catch (IOException e) {
                // the same
            }
            Runtime.getRuntime().halt(0);
        });
    }

    /** Runs a command to its end; its output. */
    public static String output(List<String> command, String input) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException(command + " ended with " + exit + ": " + text);
        }
        return text.strip();
    }

    /** Writes one line to its input. */
    public void tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Waits for a line of its output that begins so; the rest of that line. */
    public String await(String prefix, Duration patience) throws IOException {
        long end = Clock.system().nanos() + patience.toNanos();
        while (true) {
            List<String> lines = lines();
            for (String line : lines) {
                if (line.startsWith(prefix)) {
                    return line.substring(prefix.length()).strip();
                }
            }
            if (!process.isAlive() || Clock.system().nanos() > end) {
                throw new IOException("no \"" + prefix + "\" from "
                        + process.info().command().orElse("a process") + ": " + String.join("\n", lines));
            }
            Clock.system().sleep(Duration.ofMillis(20));
        }
    }

    /** All complete lines written so far. */
    public List<String> lines() throws IOException {
        String text = Files.readString(log, StandardCharsets.ISO_8859_1);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** Waits for its own end and gives all of its output. */
    public String finish(Duration patience) throws IOException, InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("still running after " + patience + ": " + lines());
        }
        return Files.readString(log);
    }

    /** The command line of a process that this one started, if one of its words ends so; empty otherwise. */
    public List<String> startedBy(String suffix) {
        try (Stream<ProcessHandle> descendants = process.descendants()) {
            return descendants
                    .map(ProcessHandle::info)
                    .filter(i -> Stream.of(i.arguments().orElse(new String[0])).anyMatch(a -> a.endsWith(suffix)))
                    .map(i -> Stream.concat(
                                    i.command().stream(),
                                    Stream.of(i.arguments().orElse(new String[0])))
                            .toList())
                    .findFirst()
                    .orElse(List.of());
        }
    }

    /** Whether it still runs. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Processor time of all its threads so far, in seconds. */
    public double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        List<String> fields = stat.substring(stat.lastIndexOf(')') + 2)
                .lines()
                .findFirst()
                .orElseThrow()
                .transform(line -> List.of(line.split(" ", -1)));
        return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS;
    }

    /** Asks it to end, and ends it with its children if it has not within 15 s. Idempotent. */
    @Override
    public void close() {
        List<ProcessHandle> children;
        try (Stream<ProcessHandle> descendants = process.descendants()) {
            children = descendants.toList();
        }
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public String toString() {
        return "process " + process.pid();
    }
}
