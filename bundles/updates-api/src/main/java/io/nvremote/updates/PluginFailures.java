// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Where role bundles say what they do with the services of plugins, and what came of it. A service. Safe for any thread. Bundles that
 * are no plugins may be named; nothing comes of it.
 */
@ProviderType
public interface PluginFailures {

    /**
     * Withdraws the plugin if it is one: its bundle is stopped and its version refused from now on. Returns at once. The caller has
     * already moved on to the next provider.
     *
     * @param bundleId the service's {@code service.bundleid}
     */
    void failed(long bundleId, String reason);

    /** Whether a debugger may be at that bundle's code: then it may take any time, and is not given up. Looks at memory alone. */
    boolean isInDevelopment(long bundleId);

    /**
     * Code of the plugin begins to work: said before the call that may take the whole process down. What is in use when the process
     * dies is counted against the plugin; after three such deaths within a day it stays out. Writes one small file; not for a frame
     * path.
     *
     * @param bundleId the service's {@code service.bundleid}
     */
    PluginUse inUse(long bundleId);
}
