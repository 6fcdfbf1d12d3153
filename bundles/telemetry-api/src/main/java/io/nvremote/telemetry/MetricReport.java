// SPDX-License-Identifier: Apache-2.0
package io.nvremote.telemetry;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes the figures of a source, for one call of {@link MetricSource#report} and on its thread. Label values stand in the
 * order of {@link Metric#labels}; another number of them is refused with {@link io.nvremote.core.CoreError#INVALID_VALUE}.
 */
@ProviderType
public interface MetricReport {

    /** So many since the process began; never less than before. */
    void counter(Metric metric, long value, String... labelValues);

    /** A number that goes up and down. */
    void gauge(Metric metric, double value, String... labelValues);
}
