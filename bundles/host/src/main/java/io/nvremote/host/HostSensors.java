// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import com.sun.management.OperatingSystemMXBean;
import io.nvremote.core.Clock;
import io.nvremote.gpu.GpuSensor;
import io.nvremote.signaling.Signal;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Figures of this machine for the heartbeat. What the machine does not have is null, not invented. Safe for any thread. */
final class HostSensors {

    private static final int MB_SHIFT = 20;

    private final Clock clock;
    private final long startNanos;
    private final Supplier<@Nullable GpuSensor> gpu;

    /** @param gpu the sensor of the moment; null where there is none */
    HostSensors(Clock clock, Supplier<@Nullable GpuSensor> gpu) {
        this.clock = clock;
        this.gpu = gpu;
        this.startNanos = clock.nanos();
    }

    Signal.HostMetrics now(int activeSessions) {
        GpuSensor sensor = gpu.get();
        GpuSensor.Reading reading = sensor == null ? null : sensor.read().orElse(null);
        double cpu = 0;
        Long total = null;
        Long used = null;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            double load = system.getCpuLoad();
            cpu = load >= 0 ? Math.min(100, Math.round(load * 1000) / 10.0) : 0; // Negative: not known yet.
            total = system.getTotalMemorySize() >> MB_SHIFT;
            used = total - (system.getFreeMemorySize() >> MB_SHIFT);
        }
        return new Signal.HostMetrics(
                cpu,
                total,
                used,
                reading == null ? null : reading.load(),
                reading == null ? null : reading.name(),
                reading == null ? null : reading.memoryTotalMb(),
                reading == null ? null : reading.memoryUsedMb(),
                true,
                activeSessions,
                (clock.nanos() - startNanos) / 1_000_000_000L);
    }
}
