// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.lib.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Checked configuration.
 *
 * @param folder null: wherever memory is
 * @param heapMegabytes of Java heap
 * @param memoryMegabytes of private memory, heap included
 * @param callLimit after which a worker hangs
 * @param startLimit within which a worker has to be ready
 */
record WorkerSettings(
        @Nullable Path folder,
        int heapMegabytes,
        int memoryMegabytes,
        int threads,
        Duration callLimit,
        Duration startLimit,
        int crashes,
        Duration crashWindow,
        Duration quarantine) {

    private static final Settings READER = new Settings(WorkerConfig.PID);

    WorkerSettings {
        READER.integer("heap.max", heapMegabytes, 32, 16_384);
        READER.integer("memory.max", memoryMegabytes, 128, 1_048_576);
        READER.integer("threads.max", threads, 50, 10_000);
        READER.integer("crashes.max", crashes, 1, 100);
    }

    /** The defaults of {@link WorkerConfig}, but for the limits of time: a machine that does other things besides starts slowly. */
    static WorkerSettings standard() {
        return new WorkerSettings(
                null,
                256,
                2048,
                200,
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                3,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10));
    }

    static WorkerSettings of(WorkerConfig config) {
        return new WorkerSettings(
                folder(READER.pathOrNone("folder", config.folder())),
                config.heap_max(),
                config.memory_max(),
                config.threads_max(),
                duration("call.limit", config.call_limit(), Duration.ofMillis(100), Duration.ofMinutes(1)),
                duration("start.limit", config.start_limit(), Duration.ofSeconds(1), Duration.ofMinutes(2)),
                config.crashes_max(),
                duration("crashes.window", config.crashes_window(), Duration.ofSeconds(1), Duration.ofDays(1)),
                duration("quarantine", config.quarantine(), Duration.ofSeconds(1), Duration.ofDays(7)));
    }

    private static @Nullable Path folder(@Nullable Path wanted) {
        boolean usable = wanted == null || (Files.isDirectory(wanted) && Files.isWritable(wanted));
        READER.require(usable, "folder", String.valueOf(wanted), "a folder that this process may write to");
        return wanted;
    }

    private static Duration duration(String key, String text, Duration least, Duration most) {
        return READER.duration(key, text, least, most);
    }
}
