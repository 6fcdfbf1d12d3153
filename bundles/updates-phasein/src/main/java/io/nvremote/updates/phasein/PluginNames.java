// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.core.StreamException;
import io.nvremote.updates.UpdateError;
import java.security.PublicKey;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Whose a name is. The platform's namespace and the names of the runtime's own bundles are the platform's; any other belongs to the
 * publisher whose plugin of that name is installed. Versions of a name only rise. Names that differ by case alone are one. Safe for any
 * thread.
 */
final class PluginNames {

    private static final String NAMESPACE = "io.nvremote";

    private final Function<String, List<Bundle>> own;
    private final Function<String, List<Bundle>> plugins;
    /** Keys of the publishers of what is installed, by lower-case name. */
    private final Map<String, PublicKey> owners = new ConcurrentHashMap<>();

    PluginNames(PluginBundles bundles) {
        this.own = bundles::own;
        this.plugins = bundles::plugins;
    }

    /** Throws unless that plugin may have that name and version. */
    void check(Admission.Admitted plugin) {
        String name = plugin.name();
        List<Bundle> own = this.own.apply(name);
        if (!plugin.publisher().platform() && (reserved(name) || !own.isEmpty())) {
            throw new StreamException(
                    UpdateError.NAME_TAKEN,
                    "the name " + name + " is the platform's, and "
                            + plugin.publisher().subject() + " is not its publisher");
        }
        PublicKey owner = owner(name);
        if (owner != null && !owner.equals(plugin.key())) {
            throw new StreamException(
                    UpdateError.NAME_TAKEN,
                    "the name " + name + " belongs to the publisher of the plugin that is installed under it, not to "
                            + plugin.publisher().subject());
        }
        for (Bundle bundle : own) {
            if (isPart(bundle)) {
                throw new StreamException(
                        UpdateError.NAME_TAKEN, name + " is a part of the runtime that no plugin can stand in for");
            }
        }
        own.forEach(bundle -> rises(plugin, bundle));
        plugins.apply(name).forEach(bundle -> rises(plugin, bundle));
    }

    /** The plugin is installed: the name is its publisher's until it is removed. */
    void taken(Admission.Admitted plugin) {
        owners.put(key(plugin.name()), plugin.key());
    }

    void free(String name) {
        owners.remove(key(name));
    }

    private @Nullable PublicKey owner(String name) {
        return owners.get(key(name));
    }

    private static void rises(Admission.Admitted plugin, Bundle there) {
        Version version = there.getVersion();
        int order = plugin.version().compareTo(version);
        if (order == 0) {
            throw new StreamException(
                    UpdateError.ALREADY_INSTALLED, plugin.name() + " " + plugin.version() + " is installed");
        }
        if (order < 0) {
            throw new StreamException(
                    UpdateError.NOT_NEWER,
                    plugin.name() + " " + version + " is installed, which is newer than " + plugin.version());
        }
    }

    private static boolean reserved(String name) {
        String lower = key(name);
        return lower.equals(NAMESPACE) || lower.startsWith(NAMESPACE + ".");
    }

    /** Others are wired to it; and a bundle that offers nothing of a plugin's kinds can't be stood in for either. */
    private static boolean isPart(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null
                || !revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE)
                        .isEmpty()
                || PluginManifest.KINDS.stream()
                        .allMatch(kind -> revision.getDeclaredCapabilities(kind).isEmpty());
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
