// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.admission;

import io.nvremote.core.StreamException;
import io.nvremote.lib.admission.Admission.Admitted;
import io.nvremote.updates.UpdateError;
import java.util.List;
import java.util.Locale;
import org.osgi.framework.Version;

/**
 * The names that are the platform's: its namespace, and those of the bundles that a runtime is shipped with. Versions of a name only
 * rise. Names that differ by case alone are one.
 */
public final class PlatformNames {

    private static final String NAMESPACE = "io.nvremote";

    private PlatformNames() {}

    /**
     * Throws unless a plugin may have its name and version beside the runtime's own bundles.
     *
     * @param own those of that name, whatever its case
     */
    public static void check(Admitted plugin, List<OwnBundle> own) {
        String name = plugin.name();
        if (!plugin.publisher().platform() && (reserved(name) || !own.isEmpty())) {
            throw new StreamException(
                    UpdateError.NAME_TAKEN,
                    "the name " + name + " is the platform's, and "
                            + plugin.publisher().subject() + " is not its publisher");
        }
        for (OwnBundle bundle : own) {
            if (bundle.part()) {
                throw new StreamException(
                        UpdateError.NAME_TAKEN, name + " is a part of the runtime that no plugin can stand in for");
            }
        }
        own.forEach(bundle -> rises(plugin, bundle.version()));
    }

    /** Throws unless the plugin's version is higher than that. */
    public static void rises(Admitted plugin, Version there) {
        int order = plugin.version().compareTo(there);
        if (order == 0) {
            throw new StreamException(
                    UpdateError.ALREADY_INSTALLED, plugin.name() + " " + plugin.version() + " is installed");
        }
        if (order < 0) {
            throw new StreamException(
                    UpdateError.NOT_NEWER,
                    plugin.name() + " " + there + " is installed, which is newer than " + plugin.version());
        }
    }

    /** What names are compared by. */
    public static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static boolean reserved(String name) {
        String lower = key(name);
        return lower.equals(NAMESPACE) || lower.startsWith(NAMESPACE + ".");
    }
}
