// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.lib.workers.WorkerProtocol;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;

/**
 * Starts worker processes, all from one thread that lives as long as they may: Linux ends a process that asked for it when the
 * <em>thread</em> that started it is gone (prctl(2), PR_SET_PDEATHSIG). Closing ends the workers that are left. Safe for any thread.
 */
final class Launcher implements AutoCloseable {

    /** What a worker may not inherit: how this process is set up is no plugin's business. */
    private static final String OWN_VARIABLES = "NVREMOTE_";

    private final WorkerSettings settings;
    private final CodeFiles code;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("worker-launcher").factory());

    Launcher(WorkerSettings settings, CodeFiles code) {
        this.settings = settings;
        this.code = code;
    }

    /**
     * A process that will say hello at the socket in its folder.
     *
     * @param folder the worker's own, which also takes what Java writes of a crash
     * @param environment beyond what this process has
     * @throws IOException also if it is closed
     */
    Process start(Path folder, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(folder)).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith(OWN_VARIABLES));
        builder.environment().putAll(environment);
        try {
            // Not given up when interrupted: a process that nobody knows of would stay.
            return CompletableFuture.supplyAsync(() -> started(builder), thread).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof UncheckedIOException own ? own.getCause() : new IOException(e.getCause());
        } catch (RejectedExecutionException e) {
            throw new IOException("no worker is started any more", e);
        }
    }

    private static Process started(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command(Path folder) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + settings.heapMegabytes() + "m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:ErrorFile=" + folder.resolve(WorkerProcess.CRASH_FILE),
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.slf4j.simpleLogger.showDateTime=false",
                "-Dorg.slf4j.simpleLogger.showThreadName=false",
                "-Dorg.slf4j.simpleLogger.levelInBrackets=true"));
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith("org.bytedeco.") || name.startsWith("jna.") || name.equals("java.io.tmpdir")) {
                command.add("-D" + name + "=" + System.getProperty(name));
            }
        }
        command.addAll(List.of(
                "-cp",
                code.boot().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                WorkerProtocol.MAIN_CLASS,
                folder.toString()));
        return command;
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
