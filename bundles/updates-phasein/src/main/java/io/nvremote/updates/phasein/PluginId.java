// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates.phasein;

import io.nvremote.updates.Plugins;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/** One version of one plugin: what is counted, refused and forgotten together, whatever the bytes of the file. */
record PluginId(String name, Version version) {

    /** Where the framework thinks it got the bundle from; holds what was verified. */
    String location(String sha256) {
        return Plugins.LOCATION_SCHEME + name + ":" + version + ":" + sha256;
    }

    /** The plugin that a bundle is; none for the runtime's own bundles. */
    static Optional<PluginId> of(Bundle bundle) {
        String location = bundle.getLocation();
        if (!location.startsWith(Plugins.LOCATION_SCHEME)) {
            return Optional.empty();
        }
        String[] parts = location.split(":", -1);
        return Optional.of(new PluginId(parts[1], Version.parseVersion(parts[2])));
    }

    /** A name for files; neither part can hold a character that no file name may have. */
    String fileName() {
        return name + "-" + version;
    }

    @Override
    public String toString() {
        return name + " " + version;
    }
}
