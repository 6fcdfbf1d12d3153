// SPDX-License-Identifier: Apache-2.0
package io.nvremote.directory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One heartbeat's figures; null where the host has no such device. Usage in percent. */
public record HostMetrics(
        Instant at,
        double cpuUsage,
        @Nullable Long memoryTotalMb,
        @Nullable Long memoryUsedMb,
        @Nullable Double gpuUsage,
        @Nullable String gpuName,
        @Nullable Long gpuVramTotalMb,
        @Nullable Long gpuVramUsedMb,
        boolean streamerRunning,
        int activeSessions,
        long uptimeSeconds) {}
