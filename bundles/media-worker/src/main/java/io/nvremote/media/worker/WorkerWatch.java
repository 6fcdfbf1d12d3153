// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Holds workers to their limits by what Linux tells of them (proc(5), {@code status}). */
final class WorkerWatch {

    static final Duration LOOK = Duration.ofMillis(100);

    private final WorkerSettings settings;

    WorkerWatch(WorkerSettings settings) {
        this.settings = settings;
    }

    void look(BodyWorkers body) {
        Map<Long, BodyFigures.Seen> seen = new HashMap<>();
        for (WorkerProcess worker : body.running()) {
            worker.tick();
            String fault = fault(worker.pid(), seen);
            if (!fault.isEmpty()) {
                worker.kill(fault);
            }
        }
        body.seen(seen);
    }

    /** How often it looks within that time; once more, for the look that comes at once. */
    static int ticks(Duration limit) {
        return (int) Math.min(Integer.MAX_VALUE, limit.dividedBy(LOOK) + 1);
    }

    private String fault(long pid, Map<Long, BodyFigures.Seen> seen) {
        long threads = 0;
        long resident = 0;
        long kilobytes = 0;
        try {
            for (String line :
                    Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("Threads:")) {
                    threads = number(line);
                } else if (line.startsWith("VmRSS:")) {
                    resident = number(line);
                } else if (line.startsWith("RssAnon:") || line.startsWith("VmSwap:")) {
                    kilobytes += number(line); // kB, whatever the size of a page
                }
            }
        } catch (IOException e) {
            return ""; // gone, which the socket tells, or a system that does not say
        }
        Duration cpu = ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
        seen.put(pid, new BodyFigures.Seen((int) threads, resident << 10, cpu));
        if (threads > settings.threads()) {
            return "had " + threads + " threads, threads.max is " + settings.threads();
        }
        long megabytes = kilobytes >> 10;
        return megabytes > settings.memoryMegabytes()
                ? "took " + megabytes + " MB of memory, memory.max is " + settings.memoryMegabytes()
                : "";
    }

    private static long number(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }
}
