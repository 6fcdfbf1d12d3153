// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nvremote.cli.gpu.Finding.Outcome;
import io.nvremote.lib.process.ProcessEnd;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Has checks made in a child process. One that dies of a check, or does not come back from it in time, has failed that check; another child
 * goes on with the next. For one thread.
 */
public final class CheckRun {

    private static final Duration END = Duration.ofSeconds(10);

    private final List<Path> classPath;
    private final CheckMachine machine;
    private final Duration limit;

    /**
     * @param classPath of the child: this class, and all that the checks use
     * @param limit for each check
     */
    public CheckRun(List<Path> classPath, CheckMachine machine, Duration limit) {
        this.classPath = classPath;
        this.machine = machine;
        this.limit = limit;
    }

    /** Makes the checks in their order; {@code each} hears of every finding at once. */
    public void run(Collection<GpuCheck> checks, Consumer<Finding> each) throws InterruptedException {
        Deque<GpuCheck> left = new ArrayDeque<>(checks);
        while (!left.isEmpty()) {
            runInOneChild(left, each);
        }
    }

    /** Takes at least one check off the list. */
    private void runInOneChild(Deque<GpuCheck> left, Consumer<Finding> each) throws InterruptedException {
        Process child = start(left);
        try {
            BlockingQueue<Optional<Finding>> findings = new LinkedBlockingQueue<>();
            Thread.ofVirtual().start(() -> listen(child, findings));
            while (!left.isEmpty()) {
                Optional<Finding> next = findings.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null && next.isPresent()) {
                    left.removeFirst();
                    each.accept(next.get());
                    continue;
                }
                String why = next == null
                        ? "the driver did not come back within " + limit.toSeconds() + " s; the process was ended"
                        : "the process that called the driver ended" + end(child);
                each.accept(Outcome.fail(why).of(left.removeFirst()));
                return;
            }
            child.waitFor(END.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            child.descendants().forEach(ProcessHandle::destroyForcibly);
            child.destroyForcibly();
        }
    }

    private String end(Process child) throws InterruptedException {
        child.waitFor(END.toMillis(), TimeUnit.MILLISECONDS);
        return ProcessEnd.tell(child, crashFile()) + (Files.exists(crashFile()) ? "" : lastWords());
    }

    /** Who is ended by an assertion says which on its standard error. */
    private String lastWords() {
        try {
            List<String> said = Files.readAllLines(errorFile(), StandardCharsets.ISO_8859_1);
            return said.isEmpty() ? "" : "; it said last: " + said.getLast();
        } catch (IOException e) {
            return "";
        }
    }

    private static void listen(Process child, BlockingQueue<Optional<Finding>> findings) {
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader lines = child.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int at = line.indexOf(CheckMain.MARK);
                if (at >= 0) {
                    findings.add(Optional.of(Finding.of(json.readTree(line.substring(at + CheckMain.MARK.length())))));
                }
            }
        } catch (IOException e) {
            // its end, as below
        }
        findings.add(Optional.empty());
    }

    private Path crashFile() {
        return machine.work().resolve("crash.log");
    }

    private Path errorFile() {
        return machine.work().resolve("said.txt");
    }

    private Process start(Collection<GpuCheck> checks) {
        Path work = machine.work();
        Path driver = machine.fakeDriver();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + crashFile(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.bytedeco.javacpp.cachedir=" + work.resolve("natives"),
                "-cp",
                classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                CheckMain.class.getName(),
                driver == null ? "" : driver.toString(),
                work.toString()));
        checks.forEach(check -> command.add(check.name()));
        try {
            Files.deleteIfExists(crashFile());
            Files.deleteIfExists(errorFile());
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(errorFile().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
