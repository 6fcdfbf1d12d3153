// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds of a plugin's project by its own Maven, without tests; offline, unless something is missing.
 *
 * <p><b>Threads.</b> {@link #jar} from one; {@link #stop} from any.
 */
final class PluginBuild {

    private static final int MOST_LINES = 30;
    /** What Maven says of what it would have to fetch. */
    private static final Pattern OFFLINE = Pattern.compile("offline mode|has not been downloaded from it before");

    private static final Pattern NOISE =
            Pattern.compile("\\[ERROR] *|.*\\[Help 1].*|.*(-e switch|-X switch|re-run Maven).*");

    private final Path project;
    private final PrintWriter out;
    private final String maven;
    private @Nullable Process running;
    private boolean stopped;

    PluginBuild(Path project, PrintWriter out) {
        this.project = project;
        this.out = out;
        Path own = project.resolve("mvnw");
        maven = Files.isExecutable(own) ? own.toAbsolutePath().toString() : "mvn";
        if (maven.equals("mvn") && !Machine.hasCommand("mvn")) {
            throw new Trouble("there is no Maven: put mvn on the PATH, or a wrapper (mvnw) into " + project);
        }
    }

    /**
     * The jar of a new build.
     *
     * @throws Trouble with what Maven said, if there is none
     */
    Path jar() throws IOException {
        Run run = run("-o");
        if (run.exit() != 0 && OFFLINE.matcher(run.said()).find()) {
            out.println("fetching what the build lacks");
            out.flush();
            run = run();
        }
        if (run.exit() != 0) {
            throw new Trouble("the build failed:\n" + run.reasons());
        }
        try (Stream<Path> files = Files.list(project.resolve("target"))) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .filter(file -> !file.toString().matches(".*-(sources|javadoc|tests)\\.jar"))
                    .toList();
            if (jars.size() != 1) {
                throw new Trouble("the build has to leave one jar in target/, of one version; there are " + jars.size()
                        + (jars.isEmpty() ? "" : ": delete the old ones (mvn clean)"));
            }
            return jars.getFirst();
        }
    }

    private record Run(int exit, String said) {

        String reasons() {
            List<String> lines =
                    said.lines().filter(line -> !NOISE.matcher(line).matches()).toList();
            return String.join("\n", lines.subList(0, Math.min(MOST_LINES, lines.size())));
        }
    }

    private Run run(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(maven));
        command.addAll(List.of(options));
        command.addAll(List.of("-B", "-q", "-DskipTests", "package"));
        Process process = start(command);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.onExit().join().exitValue(), said);
    }

    private synchronized Process start(List<String> command) throws IOException {
        if (stopped) {
            throw new Trouble("stopped");
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(project.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        running = process;
        process.getOutputStream().close();
        return process;
    }

    /** Ends what runs, with its children. Idempotent. */
    synchronized void stop() {
        stopped = true;
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroy);
            running.destroy();
        }
    }
}
