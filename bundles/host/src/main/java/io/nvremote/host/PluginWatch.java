// SPDX-License-Identifier: Apache-2.0
package io.nvremote.host;

import io.nvremote.core.Keys;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.telemetry.Counter;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.track.TrackReport;
import io.nvremote.updates.PluginFailures;
import io.nvremote.updates.PluginUse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service may be a plugin's: what is done with it is told to those who know, and one that fails is set aside. */
final class PluginWatch implements ServiceWatch {

    private static final Logger LOG = LoggerFactory.getLogger(PluginWatch.class);

    private final Supplier<@Nullable PluginFailures> plugins;
    private final List<RankedServices<?>> services;
    private final Counter failures;

    /** @param part of a session, that uses the services */
    PluginWatch(String part, Supplier<@Nullable PluginFailures> plugins, RankedServices<?>... services) {
        this.failures = new Counter(HostFigures.PLUGIN_FAILURES, part);
        this.plugins = plugins;
        this.services = List.of(services);
    }

    @Override
    public void failed(ServiceCandidate<?> service, String reason) {
        failures.increment();
        LOG.atError()
                .addKeyValue(Keys.PLUGIN, service)
                .addKeyValue(Keys.REASON, reason)
                .log("service failed and is set aside");
        services.forEach(kind -> kind.setAside(service, reason));
        PluginFailures to = plugins.get();
        if (to != null) {
            to.failed(service.bundleId(), reason);
        }
    }

    @Override
    public PluginUse inUse(ServiceCandidate<?> service) {
        PluginFailures to = plugins.get();
        return to == null ? () -> {} : to.inUse(service.bundleId());
    }

    @Override
    public boolean isInDevelopment(ServiceCandidate<?> service) {
        PluginFailures to = plugins.get();
        return to != null && to.isInDevelopment(service.bundleId());
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
