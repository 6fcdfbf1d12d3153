// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import com.sun.management.OperatingSystemMXBean;
import io.nvremote.stream.StreamMessage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Figures of this process. {@code residentBytes} is 0 where the system does not tell. */
record ProcessMetrics(long cpuNanos, long residentBytes) {

    private static final Path STATUS = Path.of("/proc/self/statm");
    private static final long PAGE_BYTES = 4096;

    static ProcessMetrics now() {
        long cpu = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
        return new ProcessMetrics(cpu, residentBytesNow());
    }

    StreamMessage.Stats with(StreamMetrics f) {
        return new StreamMessage.Stats(
                f.captured.get(),
                f.encoded.get(),
                f.sent.get(),
                f.dropped.get(),
                f.bytes.get(),
                f.keyFrames.get(),
                f.swaps.get(),
                f.encoderFailures.get(),
                cpuNanos,
                residentBytes);
    }

    private static long residentBytesNow() {
        try {
            String[] pages = Files.readString(STATUS, StandardCharsets.US_ASCII).split(" ");
            return Long.parseLong(pages[1]) * PAGE_BYTES;
        } catch (IOException | NumberFormatException e) {
            return 0; // No Linux: not known.
        }
    }
}
