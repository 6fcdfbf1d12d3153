// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.plugins;

import io.nvremote.core.Keys;
import io.nvremote.lib.services.RankedServices;
import io.nvremote.lib.services.ServiceCandidate;
import io.nvremote.updates.PluginFailures;
import io.nvremote.updates.PluginUse;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service may be a plugin's: what is done with it is told to those who know, and one that fails is set aside. Safe for any thread. */
public class PluginObserver implements ServiceObserver {

    private static final Logger LOG = LoggerFactory.getLogger(PluginObserver.class);

    private final Supplier<@Nullable PluginFailures> plugins;
    private final List<RankedServices<?>> services;

    /**
     * @param plugins who looks after plugins now, if anybody does
     * @param services among which those that fail are set aside
     */
    public PluginObserver(Supplier<@Nullable PluginFailures> plugins, RankedServices<?>... services) {
        this.plugins = plugins;
        this.services = List.of(services);
    }

    @Override
    public void failed(ServiceCandidate<?> service, String reason) {
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
}
