// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The plugins of this runtime. A service. Safe for any thread; one installation runs at a time. */
@ProviderType
public interface Plugins {

    /** Manifest header in which a plugin claims the contract tests it passed: {@code io.nvremote.encode;version=0.1}. */
    String TCK_HEADER = "Nvremote-Tck";

    /** What the location of a plugin's bundle in the framework begins with: by it whoever has a bundle knows whether it is one. */
    String LOCATION_SCHEME = "plugin:";

    /**
     * Admits a plugin and phases it in. Blocks until the old version is gone or the new one was withdrawn; bounded, whatever the
     * plugin's code does.
     *
     * @throws io.nvremote.core.StreamException with an {@link UpdateError}; the runtime is then as it was before
     */
    PluginReport install(Path jar);

    /**
     * As {@link #install}, for whoever has a debugger at it: without a time on trial, also if its version is in quarantine or does not
     * rise, and whatever it does from then on does not withdraw it. If its very version runs, that goes first.
     *
     * @throws io.nvremote.core.StreamException with an {@link UpdateError}
     */
    PluginReport installForDevelopment(Path jar);

    /**
     * Lets every version of a plugin in again that was refused since it failed here. It is not installed by that.
     *
     * @param name symbolic name of its bundle
     * @throws io.nvremote.core.StreamException {@link UpdateError#NOT_QUARANTINED}; {@link UpdateError#DID_NOT_STOP} if code of it
     *     still runs that did not end
     */
    void unquarantine(String name);

    /**
     * Takes a plugin away; streams that it serves move to the next provider first. An older version of it does not come back; a
     * bundle of the runtime's own that it stood in for does. A plugin in quarantine is forgotten, but its version stays refused.
     * Bounded, whatever the plugin's code does.
     *
     * @param name symbolic name of its bundle
     * @throws io.nvremote.core.StreamException {@link UpdateError#NOT_INSTALLED}, {@link UpdateError#DID_NOT_STOP}
     */
    void remove(String name);

    /** What is installed, in quarantine included. */
    List<PluginReport> list();

    /**
     * What was measured of a plugin that is installed, or in quarantine. Looks at all threads.
     *
     * @param name symbolic name of its bundle
     * @throws io.nvremote.core.StreamException {@link UpdateError#NOT_INSTALLED}
     */
    PluginFigures figures(String name);
}
