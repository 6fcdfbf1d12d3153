// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What one benchmark works with: the report, a folder of its own, and the list of what it started, which is ended in
 * reverse order however the benchmark ends. Safe for any thread.
 */
public final class Run implements AutoCloseable {

    private final Report report;
    private final Path root;
    private final Path folder;
    private final Consumer<String> out;
    private volatile boolean closed;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    Run(Report report, Path root, Consumer<String> out) throws IOException {
        this.report = report;
        this.root = root;
        this.out = out;
        folder = Files.createTempDirectory("nvremote-bench");
    }

    /** The project's folder. */
    public Path root() {
        return root;
    }

    /** For this benchmark's files; removed at its end. */
    public Path folder() {
        return folder;
    }

    /** Adds a result. */
    public void add(Row row) {
        report.add(row);
    }

    /** Says that a part could not be compared, while the others go on. */
    public void lacks(LacksPeer lack) {
        String line = String.valueOf(lack.getMessage());
        report.lacks(line);
        say(line);
    }

    /** One line for the person who waits. */
    public void say(String line) {
        out.accept("  " + line);
    }

    /** Takes over something that must be ended. */
    public <T extends AutoCloseable> T own(T part) {
        synchronized (this) {
            owned.push(part);
        }
        if (closed) {
            close(); // stopped from outside while this was being started
            throw new IllegalStateException("the run was stopped");
        }
        return part;
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!owned.isEmpty()) {
            AutoCloseable part = owned.pop();
            try {
                part.close();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                say("could not end " + part + ": " + e);
            }
        }
        try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            say("could not remove " + folder + ": " + e);
        }
    }
}
