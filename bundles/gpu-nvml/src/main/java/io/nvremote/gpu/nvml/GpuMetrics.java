// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import io.nvremote.gpu.GpuCard;
import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.MetricReport;
import org.jspecify.annotations.Nullable;

/** A GPU's figures for whoever shows figures. Told apart by UUID: a machine has a few, and their places move. */
final class GpuMetrics {

    private static final int MB_SHIFT = 20;

    private static final Metric LOAD =
            metric("utilization_ratio", "ratio", "Share of the last moments in which the GPU computed, 0 to 1.");
    private static final Metric MEMORY = metric("memory_bytes", "bytes", "Memory of the GPU.");
    private static final Metric MEMORY_USED = metric("memory_used_bytes", "bytes", "Memory of the GPU in use.");
    private static final Metric ENCODERS =
            metric("encoder_sessions", "", "Streams that the GPU encodes, of all processes.");
    private static final Metric CAPTURES =
            metric("capture_sessions", "", "Streams of pictures taken of the GPU's screens, of all processes.");
    private static final Metric FAULTS = metric("faults", "", "Faults of the GPU that its driver told of (Xid).");
    private static final Metric LAST_FAULT =
            metric("last_xid", "", "Number of the GPU's last fault, as its driver has it.");

    private GpuMetrics() {}

    private static Metric metric(String name, String unit, String help) {
        return Metric.of("nvremote_gpu_" + name, unit, help, "gpu", "name", "driver");
    }

    static void report(GpuCard card, long faults, MetricReport to) {
        String[] labels = {card.uuid(), card.name(), card.driver()};
        gauge(to, LOAD, card.load(), 0.01, labels);
        gauge(to, MEMORY, card.memoryTotalMb(), 1L << MB_SHIFT, labels);
        gauge(to, MEMORY_USED, card.memoryUsedMb(), 1L << MB_SHIFT, labels);
        gauge(to, ENCODERS, card.encoderSessions(), 1, labels);
        gauge(to, CAPTURES, card.captureSessions(), 1, labels);
        gauge(to, LAST_FAULT, card.lastFault() == null ? null : card.lastFault().xid(), 1, labels);
        to.counter(FAULTS, faults, labels);
    }

    private static void gauge(MetricReport to, Metric metric, @Nullable Number told, double unit, String[] labels) {
        if (told != null) {
            to.gauge(metric, told.doubleValue() * unit, labels);
        }
    }
}
