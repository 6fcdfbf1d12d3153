// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.lib.settings.Settings;
import java.time.Duration;

/**
 * The validated configuration.
 *
 * @param reportNanos between two reports of a receiver, each with a clock question
 * @param repairNanos how long a lost packet is asked for before its unit is given up
 * @param historyNanos how long a sender can send a packet again
 */
record TransportSettings(long reportNanos, long repairNanos, long historyNanos) {

    static final TransportSettings DEFAULT = new TransportSettings(50_000_000L, 250_000_000L, 1_000_000_000L);

    private static final Settings READER = new Settings(TransportConfig.PID);

    static TransportSettings of(TransportConfig config) {
        return new TransportSettings(
                nanos("report.interval", config.report_interval(), 10, 5_000),
                nanos("repair.deadline", config.repair_deadline(), 10, 5_000),
                nanos("history", config.history(), 100, 10_000));
    }

    private static long nanos(String key, String text, long leastMillis, long mostMillis) {
        return READER.duration(key, text, Duration.ofMillis(leastMillis), Duration.ofMillis(mostMillis))
                .toNanos();
    }
}
