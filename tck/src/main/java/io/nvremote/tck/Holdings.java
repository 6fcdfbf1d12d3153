// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this process holds of the system: sockets, threads (by name), processes of its own. As Linux tells it. */
record Holdings(long sockets, Set<String> threads, long processes) {

    /** What a JVM makes for itself and keeps. */
    private static final List<String> JVM = List.of("process reaper", "ForkJoinPool", "VirtualThread", "Read-Poller");

    static Holdings now() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return new Holdings(
                    open.filter(Holdings::socket).count(),
                    Thread.getAllStackTraces().keySet().stream()
                            .map(thread -> thread.getName() + " " + thread.threadId())
                            .filter(name -> JVM.stream().noneMatch(name::startsWith))
                            .collect(Collectors.toSet()),
                    ProcessHandle.current().children().count());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean socket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // closed since it was listed
        }
    }

    /** Whether there is nothing here that was not there before. */
    boolean none(Holdings before) {
        return sockets <= before.sockets && before.threads.containsAll(threads) && processes <= before.processes;
    }
}
