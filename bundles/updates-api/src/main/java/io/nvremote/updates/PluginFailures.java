// SPDX-License-Identifier: Apache-2.0
package io.nvremote.updates;

import org.osgi.annotation.versioning.ProviderType;

/** Where role bundles report that a plugin's service failed or hangs. A service. Safe for any thread; returns at once. */
@ProviderType
public interface PluginFailures {

    /**
     * Withdraws the plugin if it is one: its bundle is stopped and its file refused from now on. The caller has already
     * moved on to the next provider.
     *
     * @param bundleId the service's {@code service.bundleid}
     */
    void failed(long bundleId, String reason);
}
