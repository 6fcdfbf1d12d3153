// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Figures of this process.
 *
 * @param cpuNanos CPU time of all threads since the start
 * @param residentBytes resident memory; 0 where the system does not tell (no Linux, no /proc)
 */
public record ProcessMetrics(long cpuNanos, long residentBytes) {

    private static final Path STATUS = Path.of("/proc/self/status");

    public static ProcessMetrics now() {
        long cpu = ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
        return new ProcessMetrics(cpu, residentBytesNow());
    }

    /** From {@code VmRSS}, which is in kB whatever the size of a page ({@code statm} counts pages: 64 KiB on some ARM). */
    private static long residentBytesNow() {
        try {
            return Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0; // No Linux: not known.
        }
    }
}
