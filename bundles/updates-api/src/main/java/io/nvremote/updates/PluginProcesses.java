// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates;

import org.osgi.annotation.versioning.ProviderType;

/** Whoever runs code of plugins in processes of its own says here what those take. A service. Safe for any thread; returns at once. */
@ProviderType
public interface PluginProcesses {

    /**
     * Of the bundle's processes; {@link PluginFigures.Processes#NONE} if it has none here.
     *
     * @param name symbolic name of the bundle
     */
    PluginFigures.Processes of(String name);
}
