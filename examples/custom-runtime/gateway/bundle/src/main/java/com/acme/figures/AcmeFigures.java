// SPDX-License-Identifier: Apache-2.0
package com.acme.figures;

import io.nvremote.telemetry.Counter;
import io.nvremote.telemetry.Metric;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import org.osgi.service.component.annotations.Component;

/** Counts how often the figures were looked at: on {@code /metrics} beside the gateway's own. */
@Component
public final class AcmeFigures implements MetricSource {

    private final Counter looks = new Counter(Metric.of("acme_looks", "", "Times that the figures were looked at."));

    @Override
    public void report(MetricReport to) {
        looks.increment();
        looks.report(to);
    }
}
