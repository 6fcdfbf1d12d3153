// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.lib.plugins.ServiceObserver;
import io.nvremote.telemetry.MetricReport;

/** A {@link ServiceObserver} that also counts. Safe for any thread; returns at once. */
@FunctionalInterface
interface ServiceWatch extends ServiceObserver {

    /** How many failed. */
    default void report(MetricReport to) {}
}
