// SPDX-License-Identifier: Apache-2.0
package io.nvremote.transport.rtp;

import io.nvremote.core.CoreError;
import io.nvremote.core.StreamException;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/**
 * The validated configuration.
 *
 * @param reportNanos between two reports of a receiver, each with a clock question
 * @param repairNanos how long a lost packet is asked for before its unit is given up
 * @param historyNanos how long a sender can send a packet again
 */
record TransportSettings(long reportNanos, long repairNanos, long historyNanos) {

    static final TransportSettings DEFAULT = new TransportSettings(50_000_000L, 250_000_000L, 1_000_000_000L);

    static TransportSettings of(TransportConfig config) {
        return new TransportSettings(
                nanos("report.interval", config.report_interval(), 10, 5_000),
                nanos("repair.deadline", config.repair_deadline(), 10, 5_000),
                nanos("history", config.history(), 100, 10_000));
    }

    private static long nanos(String key, String text, long minMillis, long maxMillis) {
        try {
            Duration value = Duration.parse(text);
            if (value.compareTo(Duration.ofMillis(minMillis)) >= 0
                    && value.compareTo(Duration.ofMillis(maxMillis)) <= 0) {
                return value.toNanos();
            }
        } catch (DateTimeParseException e) {
            throw new StreamException(
                    CoreError.INVALID_CONFIGURATION, message(key, text, "a duration such as PT0.05S"), e);
        }
        throw new StreamException(
                CoreError.INVALID_CONFIGURATION, message(key, text, minMillis + " to " + maxMillis + " ms"));
    }

    private static String message(String key, String value, String rule) {
        return TransportConfig.PID + " " + key + " = " + value + ": must be " + rule;
    }
}
