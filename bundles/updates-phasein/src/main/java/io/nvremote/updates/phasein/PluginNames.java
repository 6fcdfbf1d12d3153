// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.StreamException;
import io.nvremote.lib.admission.Admission;
import io.nvremote.lib.admission.OwnBundle;
import io.nvremote.lib.admission.PlatformNames;
import io.nvremote.updates.UpdateError;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.osgi.framework.Bundle;

/**
 * Whose a name is: the platform's, or the publisher's whose plugin of that name is installed, in which case its version must rise. Safe
 * for any thread.
 */
final class PluginNames {

    private final Function<String, List<Bundle>> own;
    private final Function<String, List<Bundle>> plugins;
    /** Keys of the publishers of what is installed, by lower-case name. */
    private final Map<String, PublicKey> owners = new ConcurrentHashMap<>();

    PluginNames(PluginBundles bundles) {
        this.own = bundles::own;
        this.plugins = bundles::plugins;
    }

    /** Throws unless that plugin may have that name. */
    void check(Admission.Admitted plugin) {
        String name = plugin.name();
        PlatformNames.check(
                plugin,
                own.apply(name).stream()
                        .map(bundle ->
                                OwnBundle.of(header -> bundle.getHeaders("").get(header)))
                        .toList());
        PublicKey owner = owners.get(PlatformNames.key(name));
        if (owner != null && !owner.equals(plugin.key())) {
            throw new StreamException(
                    UpdateError.NAME_TAKEN,
                    "the name " + name + " belongs to the publisher of the plugin that is installed under it, not to "
                            + plugin.publisher().subject());
        }
    }

    /** Throws unless its version is higher than what is installed. */
    void checkVersion(Admission.Admitted plugin) {
        plugins.apply(plugin.name()).forEach(bundle -> PlatformNames.rises(plugin, bundle.getVersion()));
    }

    /** Throws if just these bytes are installed. */
    void checkBytes(Admission.Admitted plugin) {
        String location = new PluginId(plugin.name(), plugin.version()).location(plugin.sha256());
        for (Bundle bundle : plugins.apply(plugin.name())) {
            if (bundle.getLocation().equals(location)) {
                PlatformNames.rises(plugin, bundle.getVersion());
            }
        }
    }

    /** The plugin is installed: the name is its publisher's until it is removed. */
    void taken(Admission.Admitted plugin) {
        owners.put(PlatformNames.key(plugin.name()), plugin.key());
    }

    void free(String name) {
        owners.remove(PlatformNames.key(name));
    }
}
