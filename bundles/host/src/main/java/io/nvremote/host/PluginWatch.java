// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.lib.plugins.PluginObserver;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.telemetry.Counter;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.track.TrackReport;
import io.nvremote.updates.PluginFailures;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the host's streams tell of services is passed on, and failures are counted. */
final class PluginWatch extends PluginObserver implements ServiceWatch {

    private final Counter failures;

    /** @param part of a session, that uses the services */
    PluginWatch(String part, Supplier<@Nullable PluginFailures> plugins, RankedServices<?>... services) {
        super(plugins, services);
        this.failures = new Counter(HostFigures.PLUGIN_FAILURES, part);
    }

    @Override
    public void failed(ServiceCandidate<?> service, String reason) {
        failures.increment();
        super.failed(service, reason);
    }

    @Override
    public void report(MetricReport to) {
        failures.report(to);
    }

    /** Tells of each service, under this name. */
    static void report(RankedServices<?> services, String list, TrackReport to) {
        services.forEach((offered, failed) -> {
            Map<String, String> fields = new TreeMap<>();
            fields.put("name", offered.name());
            fields.put("version", offered.version());
            fields.put("ranking", String.valueOf(offered.ranking()));
            if (failed != null) {
                fields.put("set_aside", failed);
            }
            to.entry(list, fields);
        });
    }
}
