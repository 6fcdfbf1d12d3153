// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.lib.commands.CommandSocket;
import io.nvremote.lib.services.Asked;
import io.nvremote.runtime.RuntimeLog;
import io.nvremote.updates.PluginFailures;
import io.nvremote.updates.PluginFigures;
import io.nvremote.updates.PluginReport;
import io.nvremote.updates.PluginUse;
import io.nvremote.updates.Plugins;
import io.nvremote.updates.UpdateError;
import java.io.IOException;
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

    private final PluginStore store;
    private final CommandSocket socket;

    @Activate
    public PhaseInUpdates(BundleContext context, PhaseInConfig config) {
        PhaseInSettings settings = PhaseInSettings.of(config);
        store = new PluginStore(context, settings, Clock.system());
        socket = listen(context, settings.data().resolve("updates.sock")); // last: nothing after it can fail
        store.restore();
    }

    private CommandSocket listen(BundleContext context, Path file) {
        try {
            return CommandSocket.open(
                    file,
                    new PluginCommands(
                            this, (name, most) -> Asked.now(context, RuntimeLog.class, log -> log.lines(name, most))));
        } catch (IOException e) {
            throw new StreamException(UpdateError.FILE_UNREADABLE, "the control socket can't be made: " + file, e);
        }
    }

    @Override
    public PluginReport install(Path jar) {
        return store.install(jar);
    }

    @Override
    public PluginReport installForDevelopment(Path jar) {
        return store.installForDevelopment(jar);
    }

    @Override
    public void unquarantine(String name) {
        store.unquarantine(name);
    }

    @Override
    public boolean isInDevelopment(long bundleId) {
        return store.isInDevelopment(bundleId);
    }

    @Override
    public void remove(String name) {
        store.remove(name);
    }

    @Override
    public List<PluginReport> list() {
        return store.list();
    }

    @Override
    public PluginFigures figures(String name) {
        return store.figures(name);
    }

    @Override
    public void failed(long bundleId, String reason) {
        store.failed(bundleId, reason);
    }

    @Override
    public PluginUse inUse(long bundleId) {
        return store.inUse(bundleId);
    }

    @Deactivate
    void close() {
        socket.close();
        store.close();
    }
}
