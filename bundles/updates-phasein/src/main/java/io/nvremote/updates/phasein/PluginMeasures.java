// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.lib.services.Asked;
import io.nvremote.lib.tasks.PeriodicTask;
import io.nvremote.updates.PluginFigures;
import io.nvremote.updates.PluginProcesses;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** What is measured of each version that worked here. Safe for any thread. */
final class PluginMeasures implements AutoCloseable {

    private final BundleContext context;
    private final PluginBundles bundles;
    private final Map<PluginId, PluginMeter> meters = new ConcurrentHashMap<>();
    private volatile @Nullable PeriodicTask task;

    PluginMeasures(BundleContext context, PluginBundles bundles) {
        this.context = context;
        this.bundles = bundles;
    }

    /** Looks again and again how many threads plugins have. */
    void every(Duration pause) {
        task = PeriodicTask.every(pause, "plugin-threads", this::look);
    }

    PluginMeter meter(PluginId id) {
        return meters.computeIfAbsent(id, version -> new PluginMeter());
    }

    private void look() {
        for (Bundle bundle : bundles.plugins()) {
            PluginId.of(bundle).ifPresent(id -> meter(id)
                    .threads(PluginThreads.of(List.of(bundle)).count()));
        }
    }

    PluginFigures figures(PluginId id, int deaths) {
        PluginMeter meter = meter(id);
        PluginThreads.Found now = PluginThreads.of(bundles.all(id.name()));
        return new PluginFigures(
                meter.calls(),
                new PluginFigures.Threads(now.count(), meter.threads(now.count()), now.allocatedBytes()),
                deaths,
                Asked.now(context, PluginProcesses.class, processes -> processes.of(id.name()))
                        .orElse(PluginFigures.Processes.NONE));
    }

    @Override
    public void close() {
        PeriodicTask running = task;
        if (running != null) {
            running.close();
        }
    }
}
