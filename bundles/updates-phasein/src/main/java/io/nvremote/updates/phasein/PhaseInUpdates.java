// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.Clock;
import io.nvremote.updates.PluginFailures;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.Plugins;
import java.nio.file.Path;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** Plugins of this runtime: admitted by signature, phased in, kept over restarts, quarantined when they fail. */
@Designate(ocd = PhaseInConfig.class)
@Component(configurationPid = PhaseInConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true)
public final class PhaseInUpdates implements Plugins, PluginFailures {

    private final PluginStore shelf;
    private final UpdateSocket socket;

    @Activate
    public PhaseInUpdates(BundleContext context, PhaseInConfig config) {
        PhaseInSettings settings = PhaseInSettings.of(config);
        shelf = new PluginStore(
                new Admission(settings.publishers()),
                new PhaseIn(context, settings, Clock.system()),
                context,
                settings.data());
        socket = UpdateSocket.open(settings.data().resolve("updates.sock"), this); // last: nothing after it can fail
    }

    @Override
    public PluginReport install(Path jar) {
        return shelf.install(jar);
    }

    @Override
    public void remove(String name) {
        shelf.remove(name);
    }

    @Override
    public List<PluginReport> list() {
        return shelf.list();
    }

    @Override
    public void failed(long bundleId, String reason) {
        shelf.failed(bundleId, reason);
    }

    @Deactivate
    void close() {
        socket.close();
        shelf.close();
    }
}
