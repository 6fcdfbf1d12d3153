// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code ./nvremote demo} as a process: five processes of the real runtimes, as a user would start them. */
public final class DemoProcess implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path folder;
    private final Process process;
    private final Path steps;

    private DemoProcess(Path folder, Process process, Path steps) {
        this.folder = folder;
        this.process = process;
        this.steps = steps;
    }

    /** Starts {@code demo --json --folder <folder>} with further options. */
    public static DemoProcess start(Path folder, String... options) throws IOException {
        List<String> command = new ArrayList<>(cli());
        command.addAll(List.of("demo", "--json", "--folder", folder.toString()));
        command.addAll(List.of(options));
        Files.createDirectories(folder);
        letThrough(folder);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out.json").toFile())
                .redirectError(folder.resolve("steps.txt").toFile());
        builder.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
        return new DemoProcess(folder, builder.start(), folder.resolve("steps.txt"));
    }

    /**
     * Starts {@code demo <options>} as a person does, without a folder of its own: all its files go to a new one under
     * {@code temporary}, which must be empty again when the demo has ended.
     */
    public static DemoProcess startForAPerson(Path work, Path temporary, String... options) throws IOException {
        Files.createDirectories(temporary);
        letThrough(temporary);
        List<String> command = new ArrayList<>(cli());
        command.add(1, "-Djava.io.tmpdir=" + temporary);
        // A shell gives its background jobs an ignored Ctrl-C, a test run in one hands it on, and a JVM respects that.
        command.addAll(0, List.of("env", "--default-signal=INT"));
        command.add("demo");
        command.addAll(List.of(options));
        Path steps = work.resolve("steps.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(steps.toFile());
        builder.environment().put("XDG_STATE_HOME", work.resolve("state").toString());
        Process process = builder.start();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            try (Stream<Path> made = Files.list(temporary)) {
                Path folder = made.filter(f -> f.getFileName().toString().startsWith("nvremote-demo"))
                        .findFirst()
                        .orElse(null);
                if (folder != null) {
                    return new DemoProcess(folder, process, steps);
                }
            }
            pause();
        }
        process.destroy();
        throw new IllegalStateException("the demo made no folder\n" + Files.readString(steps));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the one address that the demo prints for a browser. */
    public String pageAddress() throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            for (String line : Files.readAllLines(steps)) {
                if (line.startsWith("Open http")) {
                    return line.substring("Open ".length());
                }
            }
            pause();
        }
        throw new IllegalStateException("no address of a page\n" + steps());
    }

    /** Every process of the demo: the command, the runtimes, the database, the virtual screen and what is on it. */
    public List<ProcessHandle> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    /** Ctrl-C, and waits for the end. */
    public int interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the demo did not end on Ctrl-C\n" + steps());
        }
        return process.exitValue();
    }

    /** Started by root, the demo's database runs as another user, who must be able to pass through a test's folder. */
    private static void letThrough(Path folder) throws IOException {
        Path top = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        for (Path at = folder.toAbsolutePath();
                at != null && at.startsWith(top) && !at.equals(top);
                at = at.getParent()) {
            Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(at));
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            Files.setPosixFilePermissions(at, permissions);
        }
    }

    /** The command line as {@code ./nvremote} starts it when all is built: the command and its options follow. */
    public static List<String> cli() {
        Path root = Checkout.root();
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dnvremote.home=" + root,
                "-jar",
                root.resolve("cli/target/nvremote-cli.jar").toString());
    }

    /** Runs {@code ./nvremote plugin …} against this demo's host agent; what it printed, as JSON. */
    public JsonNode plugin(String... arguments) throws IOException, InterruptedException {
        return asked("plugin", "--agent", folder.resolve("host-agent"), arguments);
    }

    /** Runs {@code ./nvremote plugin …} against this demo's client; what it printed, as JSON. */
    public JsonNode clientPlugin(String... arguments) throws IOException, InterruptedException {
        return asked("plugin", "--runtime", folder.resolve("client"), arguments);
    }

    /** Runs {@code ./nvremote bundle …} against one of this demo's runtimes; what it printed, as JSON. */
    public JsonNode bundle(String runtime, String... arguments) throws IOException, InterruptedException {
        return asked("bundle", "--runtime", folder.resolve(runtime).resolve("bundles"), arguments);
    }

    /** Runs {@code ./nvremote rollout} for the demo's control plane. */
    public JsonNode rollout(String... arguments) throws IOException, InterruptedException {
        return asked("rollout", "--control-plane", folder.resolve("control-plane"), arguments);
    }

    private static JsonNode asked(String name, String option, Path value, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(cli());
        command.add(name);
        command.addAll(List.of(arguments));
        command.addAll(List.of(option, value.toString()));
        Process asked = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        asked.waitFor();
        int brace = output.indexOf('{');
        if (brace < 0) {
            throw new IllegalStateException(name + " command: " + output);
        }
        return JSON.readTree(output.substring(brace));
    }

    public Path folder() {
        return folder;
    }

    /** The process id of one of the runtimes, by the path of its jar. */
    public ProcessHandle runtime(String name) {
        return process.descendants()
                .filter(p -> p.info().commandLine().orElse("").contains("/" + name + ".jar"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no process of " + name + "\n" + steps()));
    }

    /** The host agent's own figures of its one session; null before there is one. */
    public @Nullable JsonNode session() {
        try {
            JsonNode where = JSON.readTree(Files.readString(folder.resolve("host-agent/identity/status.json")));
            try (HttpClient http = HttpClient.newHttpClient()) {
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(URI.create(where.path("url").asText()))
                                .header(
                                        "Authorization",
                                        "Bearer " + where.path("token").asText())
                                .timeout(Duration.ofSeconds(5))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                JsonNode sessions = JSON.readTree(answer.body()).path("sessions");
                return sessions.isEmpty() ? null : sessions.get(0);
            }
        } catch (IOException e) {
            return null; // not there yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Waits until the host's session looks like that; the session then. */
    public JsonNode awaitSession(String what, Predicate<JsonNode> done) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            JsonNode session = session();
            if (session != null && done.test(session)) {
                return session;
            }
            if (!process.isAlive()) {
                throw new IllegalStateException("the demo ended while waiting until " + what + "\n" + steps());
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IllegalStateException("not within " + PATIENCE + ": " + what + "\n" + steps());
    }

    /** Waits until pictures flow. */
    public JsonNode awaitStream() throws InterruptedException {
        return awaitSession("pictures flow", s -> s.at("/tracks/video/sent").asLong() > 30);
    }

    /** Ends the watch of a headless demo, however long it was to be; the figures it printed. */
    public Result finish() throws IOException, InterruptedException {
        Files.createFile(folder.resolve("client/stop"));
        return result();
    }

    /** Waits for the demo to end by itself; the figures it printed. */
    public Result result() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the demo did not end\n" + steps());
        }
        String text = Files.readString(folder.resolve("out.json"));
        return new Result(process.exitValue(), text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text), steps());
    }

    /** What the demo printed while it ran, with the ends of the runtimes' logs. */
    public String steps() {
        StringBuilder all = new StringBuilder();
        for (Path file : List.of(
                steps,
                folder.resolve("control-plane/log.txt"),
                folder.resolve("gateway/log.txt"),
                folder.resolve("host-agent/log.txt"),
                folder.resolve("client/log.txt"))) {
            try {
                List<String> lines = Files.readAllLines(file);
                all.append("--- ").append(file).append('\n');
                lines.subList(Math.max(0, lines.size() - 15), lines.size())
                        .forEach(l -> all.append(l).append('\n'));
            } catch (IOException e) {
                all.append("--- no ").append(file).append('\n');
            }
        }
        return all.toString();
    }

    /** How a demo ended: exit code, its figures, and what it said. */
    public record Result(int exit, JsonNode figures, String steps) {}

    /** Ends the demo as Ctrl-C would. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (process.waitFor(60, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
